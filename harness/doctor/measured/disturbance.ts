/** Whether the machine left a measurement alone: told by what the measurement's own processes had to wait for. */
import { parseSchedStat } from '../../observe/parse/process.ts';
import { ProcFs } from '../../observe/proc-fs.ts';
import type { Finding } from '../finding.ts';
import { valueOf } from '../../observe/unreadable.ts';

/** Waiting for a core, for each exchange and both ends together, that half of the allowed error cannot be told from. */
const WAIT_LIMIT_MS = 0.1;
/** Lateness of the generator's event loop, 99th percentile, on an idle machine. */
const GENERATOR_LIMIT_MS = 5;
/** Lateness of the server's answers, median, on an idle machine: it has no reason to be late but that it did not run. */
const SERVER_LIMIT_MS = 0.05;

/** Signs of a busy machine; null where this kernel does not tell. */
export interface Disturbance {
  readonly waitMsPerExchange: number | null;
  readonly generatorLateMs: number;
  readonly serverLateMs: number;
}

/** Time that the leading threads of these processes spent runnable without a core, in ms; null where it is not told. */
export function waitedMs(pids: readonly number[], proc = new ProcFs()): number | null {
  const waits = pids.map((pid) => valueOf(proc.parse(`${pid}/schedstat`, parseSchedStat))?.waitNs);
  return waits.every((wait) => wait !== undefined) ? waits.reduce((sum, ns) => sum + ns, 0) / 1e6 : null;
}

/** Why the machine was too busy for the measurement to mean much, as a sentence; null where it was not. */
export function busyness({ waitMsPerExchange, generatorLateMs, serverLateMs }: Disturbance): string | null {
  if (waitMsPerExchange !== null && waitMsPerExchange > WAIT_LIMIT_MS) {
    return `The machine was busy: server and generator waited ${waitMsPerExchange.toFixed(2)} ms for a core in each exchange.`;
  }
  if (generatorLateMs > GENERATOR_LIMIT_MS) {
    return `The machine was busy: the generator's event loop ran ${generatorLateMs.toFixed(1)} ms late.`;
  }
  return serverLateMs > SERVER_LIMIT_MS
    ? `The machine was busy: the server could not keep its delays (${serverLateMs.toFixed(2)} ms late).`
    : null;
}

/** Status and message of a figure: a bad one of a busy machine says nothing about the generator. */
export function judged(
  good: boolean,
  busy: string | null,
  found: string,
): Pick<Finding, 'status' | 'message'> {
  if (good) return { status: 'ok', message: found };
  return busy === null ? { status: 'fail', message: found } : { status: 'warn', message: `${found} ${busy}` };
}
