/** Whether a stalled server can hide its stall: it is stopped during an open loop, and the tail must show all of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding } from '../finding.ts';
import { echoFor, runLoad, type Measuring } from './load.ts';
import { busyness, judged } from './disturbance.ts';
import { DELAY_SERVER } from './known-delay.ts';

const WINDOW_MS = 6000;
const STALL_MS = 2000;
const BEFORE_MS = 1000;
const RATE_PER_SECOND = 1000;
const CLIENTS = 50;

/** Largest deviation from the truth, as a ratio. */
export const STALL_ERROR_LIMIT = 0.05;

export interface StallMeasurement {
  /** For how long the server was stopped. */
  readonly stalledMs: number;
  readonly p90: Compared;
  readonly p99: Compared;
  /** Why the machine was too busy for the measurement to mean much; null where it was not. */
  readonly busy: string | null;
}

/** A percentile of the latency, in ms. */
export interface Compared {
  readonly measuredMs: number;
  readonly trueMs: number;
}

/**
 * Requests are due at a constant rate over a window in which the server is stopped once. Those that fall due while it
 * is stopped wait for the rest of the stall, all others next to nothing: the latency above which a share q of all
 * requests lies is the stall less q windows. About 7 s.
 */
export async function measureStall(measuring: Measuring): Promise<StallMeasurement> {
  await using server = await measuring.rig.startLineProcess(DELAY_SERVER, measuring.signal);
  const stall = async (): Promise<number> => {
    await sleep(BEFORE_MS, undefined, { signal: measuring.signal });
    const fromMs = performance.now();
    server.signal('SIGSTOP');
    try {
      await sleep(STALL_MS, undefined, { signal: measuring.signal });
    } finally {
      server.signal('SIGCONT');
    }
    return performance.now() - fromMs;
  };
  const stalling = Promise.withResolvers<number>();
  const load = {
    ...echoFor(WINDOW_MS, RATE_PER_SECOND),
    port: server.port,
    clients: CLIENTS,
    warmupMs: 0,
  };
  // Whether it went well is asked once the load has come to its end, so that nothing is ended under it.
  stalling.promise.catch(() => undefined);
  const result = await runLoad(measuring, load, () => void stall().then(stalling.resolve, stalling.reject));
  const stalledMs = await stalling.promise;
  const latency = result.histograms['latency'];
  const compared = (measuredUs: number | undefined, share: number): Compared => ({
    measuredMs: (measuredUs ?? Number.NaN) / 1000,
    trueMs: stalledMs - (1 - share) * WINDOW_MS,
  });
  const generatorLateMs = Math.max(...result.generators.map(({ latenessP99Ms }) => latenessP99Ms));
  return {
    stalledMs,
    p90: compared(latency?.p90, 0.9),
    p99: compared(latency?.p99, 0.99),
    busy: busyness({ waitMsPerExchange: null, generatorLateMs, serverLateMs: 0 }),
  };
}

/** Whether both percentiles are near enough to the truth. */
export function stallIsShown({ p90, p99 }: StallMeasurement): boolean {
  return [p90, p99].every(({ measuredMs, trueMs }) => Math.abs(measuredMs / trueMs - 1) <= STALL_ERROR_LIMIT);
}

/** The verdict. */
export function judgeStall(measurement: StallMeasurement): Finding {
  const { stalledMs, p90, p99, busy } = measurement;
  const good = stallIsShown(measurement);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  const found =
    `A server that was stopped for ${seconds(stalledMs)} within ${seconds(WINDOW_MS)} showed ` +
    `p90 ${seconds(p90.measuredMs)} and p99 ${seconds(p99.measuredMs)}; the truth is ` +
    `${seconds(p90.trueMs)} and ${seconds(p99.trueMs)}.`;
  return {
    id: 'stall',
    ...judged(good, busy, found),
    figure: `p90 ${seconds(p90.measuredMs)}, p99 ${seconds(p99.measuredMs)}`,
    advice: good ? null : 'Tails measured here are wrong by so much; stop what else runs and ask again.',
  };
}
