/** How much load tells what a connection or a message costs a model. */
import type { BareLoad } from './bare-client.ts';

/** What is counted: connections with a message each, or messages over held connections. */
export type Unit = 'connection' | 'message';

export interface Dose {
  /** Made before anything counts: a server in JavaScript compiles what it runs as it becomes hot. */
  readonly warmUp: BareLoad | undefined;
  readonly load: BareLoad;
  /** Made as well and taken off: what is spent once on a load, where that is much. */
  readonly less: BareLoad | undefined;
  /** How often in a round. */
  readonly slices: number;
}

/** Clients at once, so that the next waits when one has been served. */
const CONNECTING = 4;
const HOLDING = 8;

/** Each connection starts a runtime: what its messages cost is the slope between two lengths. */
const RUNTIME_A_CONNECTION: readonly string[] = ['ts-thread', 'ts-fork'];

export function doseOf(variant: string, unit: Unit): Dose {
  const load = unit === 'connection' ? connecting : holding;
  if (RUNTIME_A_CONNECTION.includes(variant)) {
    return unit === 'connection'
      ? { warmUp: inTurn(2), load: inTurn(2), less: undefined, slices: 8 }
      : { warmUp: undefined, load: load(40_000), less: load(10_000), slices: 2 };
  }
  const inScript = variant.startsWith('ts-');
  return unit === 'connection'
    ? { warmUp: load(inScript ? 20_000 : 1000), load: load(1000), less: undefined, slices: 10 }
    : { warmUp: load(inScript ? 30_000 : 2000), load: load(4000), less: undefined, slices: 10 };
}

/** Units that count, given a dose. */
export function unitsOf({ load, less }: Dose): number {
  return load.messages - (less?.messages ?? 0);
}

function connecting(messages: number): BareLoad {
  return { mode: 'connect', connections: CONNECTING, messages };
}

/** One after another: runtimes that start at the same time push each other out of the core's caches. */
function inTurn(messages: number): BareLoad {
  return { mode: 'connect', connections: 1, messages };
}

function holding(messages: number): BareLoad {
  return { mode: 'hold', connections: HOLDING, messages };
}
