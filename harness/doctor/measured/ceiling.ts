/** What one generator can do here at most, against a server that does next to nothing. */
import { fileURLToPath } from 'node:url';
import { findVariant } from '../../../servers/catalogue.ts';
import { UnfitError } from '../../errors.ts';
import type { LoadResult } from '../../results/schema/load.ts';
import type { LoadSpec } from '../../load/backend.ts';
import type { Measuring } from '../../lab/truth/run.ts';
import type { Finding } from '../finding.ts';

/**
 * An address of its own: the client ports of all the connections that are made and closed rest in TIME_WAIT for this
 * address, and not for that of the runs that follow.
 */
const HOST = '127.0.0.2';
const CLIENTS = 50;
const MESSAGES_MS = 1500;
const CONNECTIONS_MS = 600;
const WARMUP_SHARE = 0.25;
const DEADLINE_MS = 15_000;

/** What one generator did on its core. */
export interface Ceiling {
  readonly perSecond: number;
  /** CPU time of the generator for each, in µs. */
  readonly cpuUs: number;
  /** Exchanges and connections that failed. */
  readonly errors: number;
}

export interface Ceilings {
  /** Name of the variant that served. */
  readonly server: string;
  readonly messages: Ceiling;
  readonly connections: Ceiling;
}

/** Measures both over 50 connections, against the C event loop where it is built. About 3 s. */
export async function measureCeilings(measuring: Measuring): Promise<Ceilings> {
  const variant = ['c-epoll', 'ts-loop'].map(findVariant).find((one) => one?.available().ok);
  if (!variant) throw new UnfitError('There is no server to measure against; install Holdfast again.');
  const command = variant.command({ service: 'echo', host: HOST, port: 0, set: { raw: true } });
  await using server = await measuring.rig.startLineProcess(
    { name: 'doctor-server', command },
    measuring.signal,
  );
  const { port } = server;
  const messages = await runLoad(measuring, {
    port,
    scenarioModule: 'builtin:echo',
    parameters: { duration: MESSAGES_MS, size: 64, think: '0', rate: 0, arrivals: 'constant', raw: true },
    warmupMs: MESSAGES_MS * WARMUP_SHARE,
  });
  const connections = await runLoad(measuring, {
    port,
    scenarioModule: fileURLToPath(new URL('../../load/generator/reconnect.ts', import.meta.url)),
    parameters: { duration: CONNECTIONS_MS, size: 64, raw: true },
    warmupMs: CONNECTIONS_MS * WARMUP_SHARE,
  });
  return { server: variant.name, messages: ceilingOf(messages), connections: ceilingOf(connections) };
}

/** @throws the signal's reason when aborted */
async function runLoad(
  { backend, signal }: Measuring,
  load: Pick<LoadSpec, 'scenarioModule' | 'parameters' | 'port' | 'warmupMs'>,
): Promise<LoadResult> {
  const common = { host: HOST, clients: CLIENTS, seed: 1, deadlineMs: DEADLINE_MS, folder: '/nowhere' };
  await using fleet = await backend.acquire({ ...common, ...load }, signal);
  await fleet.prepare();
  const result = await fleet.run(signal);
  signal.throwIfAborted();
  return result;
}

function ceilingOf({ window, windowMs, exchanges, connects, generators }: LoadResult): Ceiling {
  const cpuNs = generators.reduce((sum, one) => sum + one.cpuUserNs + one.cpuSystemNs, 0);
  const failed = [...Object.values(exchanges.errors), ...Object.values(connects.errors)];
  return {
    perSecond: ((window?.completed ?? 0) / windowMs) * 1000,
    cpuUs: cpuNs / 1000 / exchanges.completed,
    errors: failed.reduce((sum, count) => sum + count, 0),
  };
}

/** The verdicts: figures to plan loads by; only a load that failed is a fault. */
export function judgeCeilings({ server, messages, connections }: Ceilings): Finding[] {
  const each = (id: string, what: string, { perSecond, cpuUs, errors }: Ceiling): Finding => {
    const good = errors === 0 && perSecond > 0;
    const rate = Math.round(perSecond).toLocaleString('en');
    return {
      id,
      status: good ? 'ok' : 'fail',
      figure: `${rate}/s, ${cpuUs.toFixed(1)} µs of CPU each`,
      message: good
        ? `One generator made ${rate} ${what} a second against ${server}, at ${cpuUs.toFixed(1)} µs of its CPU time each.`
        : `${errors} ${what} against ${server} failed.`,
      advice: good ? null : 'Look for a firewall on the loopback interface, and for limits of the container.',
    };
  };
  return [
    each('ceiling-messages', 'messages of 64 bytes', messages),
    each('ceiling-connections', 'connections', connections),
  ];
}
