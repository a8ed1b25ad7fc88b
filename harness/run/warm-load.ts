/** Loads that warm a server up, and the load of a trial once more on the server that is warm by then. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadBackend, LoadSpec } from '../load/backend.ts';
import { whyWarmIsNotResolved } from '../results/cpu-metrics.ts';
import type { LoadResult } from '../results/schema/load.ts';
import type { PlannedScenario, WarmedBy } from '../results/schema/plan.ts';
import type { WarmLoad, WarmUp } from '../results/schema/trial.ts';
import type { ServerUnderTest } from '../rig/server-under-test.ts';
import { observeLoad } from './observed-load.ts';

/**
 * Before the warm load the server has made so many exchanges, its cold load included, which is enough for V8 to optimise what
 * an exchange runs through; but the warm-up lasts no longer than this.
 */
const WARM_EXCHANGES = 5000;
const LONGEST_WARM_UP_MS = 1000;

/**
 * So many clients warm a server up at once, however many it is measured with. More would leave a server that starts a worker
 * for each with a queue of connections whose clients have gone.
 */
const CLIENTS = 16;
/** How long one load of a scenario that runs for a set time lasts at least, in ms. */
const LEAST_TIMED_MS = 100;
/** After the last connection of a warm-up the server clears up for so long, which is no part of the next load. */
const SETTLE_MS = 50;

/** A load that is too small to be resolved is repeated, at most so often. */
const MOST_LOADS = 10;

/** What is loaded, with what, as what. */
export interface Loaded {
  readonly server: ServerUnderTest;
  readonly backend: LoadBackend;
  readonly scenario: PlannedScenario;
  /** The measured load. */
  readonly spec: LoadSpec;
  readonly samplePeriodMs: number;
}

/** When a warm-up is over; before the warm load, where the plan does not say. */
type Until = WarmedBy | { readonly kind: 'exchanges'; readonly exchanges: number };

/**
 * Loads the server until it is warm: the same scenario, without think times, in loads one after the other whose connections
 * are closed. Nothing of it is recorded but how much it was. It ends early with the server.
 */
export async function warmUp(
  { server, ...loaded }: Loaded,
  until: Until,
  signal: AbortSignal,
): Promise<WarmUp> {
  let done: WarmUp = { exchanges: 0, sessions: 0, ms: 0 };
  for (let round = 0; !server.exit && !isOver(until, done); round++) {
    signal.throwIfAborted();
    const { load, ms } = await loadOnce(loaded, specOf(loaded, until, round, done.ms), signal);
    done = plus(done, load, ms);
    // Clients that are not served make no server warm, however often they come.
    if (load.clients.completed === 0) break;
  }
  await sleep(SETTLE_MS, undefined, { signal });
  return done;
}

function isOver(until: Until, { ms, sessions, exchanges }: WarmUp): boolean {
  switch (until.kind) {
    case 'time':
      return ms >= until.ms;
    case 'sessions':
      return sessions >= until.sessions;
    case 'exchanges':
      return exchanges >= until.exchanges || ms >= LONGEST_WARM_UP_MS;
  }
}

function specOf(
  { scenario, spec }: Omit<Loaded, 'server'>,
  until: Until,
  round: number,
  spentMs: number,
): LoadSpec {
  const { thinkBy, timedBy } = scenario.traits ?? {};
  const leftMs = until.kind === 'time' ? until.ms - spentMs : 0;
  return {
    ...spec,
    parameters: {
      ...spec.parameters,
      ...(thinkBy === undefined ? {} : { [thinkBy]: '0' }),
      ...(timedBy === undefined ? {} : { [timedBy]: Math.max(LEAST_TIMED_MS, Math.ceil(leftMs)) }),
    },
    clients: CLIENTS,
    seed: (spec.seed + round + 1) % 2 ** 31,
    warmupMs: 0,
    rampMs: 0,
  };
}

async function loadOnce(
  { backend }: Pick<Loaded, 'backend'>,
  spec: LoadSpec,
  signal: AbortSignal,
): Promise<{ readonly load: LoadResult; readonly ms: number }> {
  await using fleet = await backend.acquire(spec, signal);
  await fleet.prepare();
  const startMs = performance.now();
  const load = await fleet.run(signal);
  return { load, ms: performance.now() - startMs };
}

function plus(before: WarmUp, load: LoadResult, ms: number): WarmUp {
  return {
    exchanges: before.exchanges + load.exchanges.completed,
    sessions: before.sessions + load.connects.completed,
    ms: before.ms + ms,
  };
}

/** Warms up a server that had this load cold, and makes the load again: more than once where it is small. */
export async function loadWarm(loaded: Loaded, cold: LoadResult, signal: AbortSignal): Promise<WarmLoad> {
  const exchanges = Math.max(0, WARM_EXCHANGES - cold.exchanges.completed);
  const warmed = await warmUp(loaded, { kind: 'exchanges', exchanges }, signal);
  const before = plus(warmed, cold, cold.elapsedMs);
  const { server, backend, scenario, spec, samplePeriodMs } = loaded;
  let sum = { loads: 0, exchanges: 0, connections: 0, unserved: 0, elapsedMs: 0, cpuNs: 0, cpuMissingNs: 0 };
  while (sum.loads < MOST_LOADS && whyWarmIsNotResolved(sum) !== undefined) {
    const seen = await observeLoad({ ...spec, seed: (spec.seed + sum.loads) % 2 ** 31 }, server, {
      backend,
      samplePeriodMs,
      holds: scenario.holds,
      readsMemory: false,
      signal,
    });
    signal.throwIfAborted();
    server.throwIfEnded('while it was loaded once more');
    const { clients, exchanges: made, connects, elapsedMs } = seen.load;
    sum = {
      loads: sum.loads + 1,
      exchanges: sum.exchanges + made.completed,
      connections: sum.connections + connects.completed,
      unserved: sum.unserved + clients.asked - clients.completed,
      elapsedMs: sum.elapsedMs + elapsedMs,
      cpuNs: sum.cpuNs + seen.resources.cpuNs,
      cpuMissingNs: sum.cpuMissingNs + seen.resources.cpuMissingNs,
    };
    if (made.completed === 0) break;
  }
  return { warmUp: before, ...sum };
}
