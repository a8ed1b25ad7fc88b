/** Whether latencies are what they are: servers with known delays, measured as every server is. */
import { fileURLToPath } from 'node:url';
import { median } from '../../analysis/statistics/estimators/quantile.ts';
import { seededRandom } from '../../plan/random.ts';
import type { LoadResult } from '../../results/schema/load.ts';
import type { Finding } from '../finding.ts';
import { echoFor, runLoad, type Measuring } from './load.ts';
import { busyness, judged, waitedMs } from './disturbance.ts';

export const DELAY_SERVER = {
  name: 'doctor-server',
  command: [process.execPath, fileURLToPath(new URL('delay-server.ts', import.meta.url))],
};

/** Largest median error beyond the floor, in ms. */
export const DELAY_ERROR_LIMIT_MS = 0.2;

const DELAYS = 8;
const SHORTEST_US = 1000;
const LONGEST_US = 20_000;
/** Exchanges of each delay. */
const EXCHANGES = 25;
const FLOOR_MS = 500;

export interface MeasuredDelay {
  readonly delayMs: number;
  /** Median latency. */
  readonly measuredMs: number;
  /** Median latency beyond delay and floor. */
  readonly errorMs: number;
}

export interface DelayMeasurement {
  /** Median latency of the same server without a delay, in ms. */
  readonly floorMs: number;
  readonly delays: readonly MeasuredDelay[];
  /** Median over the delays of the absolute error. */
  readonly medianErrorMs: number;
  /** Why the machine was too busy for the measurement to mean much; null where it was not. */
  readonly busy: string | null;
}

/** Measures a seeded list of delays one after the other, each over one connection. About 3 s. */
export async function measureKnownDelay(measuring: Measuring, seed: number): Promise<DelayMeasurement> {
  const random = seededRandom(seed);
  const wanted = Array.from({ length: DELAYS }, () => random.integer(SHORTEST_US, LONGEST_US) / 1000);
  await using server = await measuring.rig.startLineProcess(DELAY_SERVER, measuring.signal);
  const measure = async (durationMs: number, warmupMs: number): Promise<LoadResult> =>
    runLoad(measuring, { ...echoFor(durationMs), port: server.port, clients: 1, warmupMs });

  const floor = await measure(FLOOR_MS, FLOOR_MS / 2);
  const floorMs = medianMs(floor);
  const pids = [server.pid, ...floor.generators.map(({ pid }) => pid)];
  const waitedBeforeMs = waitedMs(pids);
  const delays: MeasuredDelay[] = [];
  let [exchanges, generatorLateMs, serverLateMs] = [0, 0, 0];
  await server.ask(String(wanted[0] ?? 0), measuring.signal);
  for (const [i, delayMs] of wanted.entries()) {
    const result = await measure(delayMs * EXCHANGES, 0);
    const answer = await server.ask(String(wanted[i + 1] ?? 0), measuring.signal);
    const { lateMs } = JSON.parse(answer) as { lateMs: number };
    const measuredMs = medianMs(result);
    delays.push({ delayMs, measuredMs, errorMs: measuredMs - delayMs - floorMs });
    exchanges += result.exchanges.completed;
    serverLateMs = Math.max(serverLateMs, lateMs);
    generatorLateMs = Math.max(generatorLateMs, ...result.generators.map((one) => one.latenessP99Ms));
  }
  const waitedAfterMs = waitedMs(pids);
  const waitMsPerExchange =
    waitedBeforeMs === null || waitedAfterMs === null ? null : (waitedAfterMs - waitedBeforeMs) / exchanges;
  return {
    floorMs,
    delays,
    medianErrorMs: median(delays.map(({ errorMs }) => Math.abs(errorMs))),
    busy: busyness({ waitMsPerExchange, generatorLateMs, serverLateMs }),
  };
}

/** Measures again, at most so often, while the figure is bad and the machine was busy. */
export async function measureKnownDelayUndisturbed(
  measuring: Measuring,
  seed: number,
  attempts: number,
): Promise<DelayMeasurement> {
  for (let attempt = 1; ; attempt++) {
    const measured = await measureKnownDelay(measuring, seed);
    const good = measured.medianErrorMs <= DELAY_ERROR_LIMIT_MS;
    if (good || measured.busy === null || attempt >= attempts) return measured;
  }
}

/** The verdict. */
export function judgeKnownDelay({ floorMs, medianErrorMs, delays, busy }: DelayMeasurement): Finding {
  const good = medianErrorMs <= DELAY_ERROR_LIMIT_MS;
  const found =
    `${delays.length} known delays of 1 to 20 ms were measured ${medianErrorMs.toFixed(2)} ms off (median), ` +
    `beyond a floor of ${floorMs.toFixed(2)} ms; at most ${DELAY_ERROR_LIMIT_MS} ms is right.`;
  return {
    id: 'known-delay',
    ...judged(good, busy, found),
    figure: `${medianErrorMs.toFixed(2)} ms off`,
    advice: good
      ? null
      : busy === null
        ? 'Latencies measured here are wrong by so much; look for power saving and a slow clock.'
        : 'Stop what else runs on this machine and ask again.',
  };
}

function medianMs({ histograms }: LoadResult): number {
  return (histograms['latency']?.p50 ?? Number.NaN) / 1000;
}
