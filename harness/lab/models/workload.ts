/** The loads that tell what a connection or a message costs a model. */
import type { BareLoad } from '../bare-client.ts';

/** What is counted: connections with a message each, or messages over held connections. */
export type Unit = 'connection' | 'message';

type CountedLoad = BareLoad & { readonly messages: number };

export interface Workload {
  /** Made before anything counts: a server in JavaScript compiles what it runs as it becomes hot. */
  readonly warmUp: CountedLoad | undefined;
  readonly load: CountedLoad;
  /** Made as well and taken off: what is spent once on a load, where that is much. */
  readonly less: CountedLoad | undefined;
  /** How often in a round. */
  readonly slices: number;
}

/** Clients at once: so many that each event loop of a pool finds several whenever it wakes. */
const CONNECTING = 32;
/** So many that a pool of eight with one slot each serves all. */
const HOLDING = 8;

/**
 * What each worker in JavaScript serves before anything counts. A runtime's early connections are dear, and around the
 * ten thousandth there come a few thousand that cost three to four times as much once more.
 */
const WARMING = 30_000;

/** Each connection starts a runtime: what its messages cost is the slope between two lengths. */
const RUNTIME_A_CONNECTION: readonly string[] = ['ts-thread', 'ts-fork'];

export function workloadOf(
  { variant, workers = 1 }: { readonly variant: string; readonly workers?: number },
  unit: Unit,
): Workload {
  const load = unit === 'connection' ? connecting : holding;
  if (RUNTIME_A_CONNECTION.includes(variant)) {
    return unit === 'connection'
      ? { warmUp: inTurn(2), load: inTurn(2), less: undefined, slices: 8 }
      : { warmUp: undefined, load: load(40_000), less: load(10_000), slices: 2 };
  }
  const inScript = variant.startsWith('ts-');
  return unit === 'connection'
    ? { warmUp: load(inScript ? WARMING * workers : 1000), load: load(2000), less: undefined, slices: 8 }
    : { warmUp: load(inScript ? WARMING * workers : 2000), load: load(8000), less: undefined, slices: 8 };
}

/** Units that count, given a workload. */
export function unitsOf({ load, less }: Workload): number {
  return load.messages - (less?.messages ?? 0);
}

function connecting(messages: number): CountedLoad {
  return { mode: 'connect', connections: CONNECTING, messages };
}

/** One after another: runtimes that start at the same time push each other out of the core's caches. */
function inTurn(messages: number): CountedLoad {
  return { mode: 'connect', connections: 1, messages };
}

function holding(messages: number): CountedLoad {
  return { mode: 'hold', connections: HOLDING, messages };
}
