/**
 * What a trial usually takes, for servers that have not been measured here yet: figures of one machine, scaled by how fast
 * processes start on this one.
 */
import type { PlannedScenario, PlannedServer, Trial } from '../results/schema/plan.ts';

/** Where a trial's time goes, in ms. */
export interface TrialCost {
  /** Spawn, readiness, preparation and stop. */
  readonly lifeMs: number;
  readonly loadMs: number;
}

/** In ms, on the machine of {@link REFERENCE_START_MS}. */
interface UsualCosts {
  /** Spawn, readiness, preparation and stop of a server with a single process. */
  readonly life: number;
  /** To start and stop each process, or each thread, of a pool. */
  readonly process: number;
  readonly thread: number;
  /** Of a process, or a thread, for each connection. */
  readonly forEach: Readonly<Record<'fork' | 'thread', ForEach>>;
  /** What a client costs that waits for nobody, on both sides. */
  readonly client: number;
}

interface ForEach {
  /** To start one, in ms: all cores are busy with it, so one starts after the other. */
  readonly start: number;
  /** Where clients did not wait for theirs, stopping takes this share of their waiting period longer. */
  readonly stop: number;
}

/**
 * From the start of `node -e 0` to its end on the machine of the figures below, in ms: two cores of an EPYC in a virtual
 * machine, November 2026. The start of a C program takes a millisecond or two, too little to tell machines apart.
 */
export const REFERENCE_START_MS = 52;

/** Medians over a sweep from 1 to 500 clients on that machine. */
const TYPESCRIPT: UsualCosts = {
  life: 195,
  process: 85,
  thread: 55,
  forEach: { fork: { start: 97, stop: 0.1 }, thread: { start: 58, stop: 0.65 } },
  client: 0.6,
};
const C: UsualCosts = {
  life: 60,
  process: 1,
  thread: 0.5,
  forEach: { fork: { start: 0.5, stop: 0 }, thread: { start: 0.2, stop: 0 } },
  client: 0.4,
};

/** From the end of the last client to that of the load: samples, counters and results of the generators. */
const END_OF_LOAD_MS = 21;
/** What a client holds its connection for beyond the floor: timers, connect, close. */
const BEYOND_FLOOR_MS = 8;

/** What one trial of a server usually takes on a machine that takes so long for `node -e 0`. */
export function usualCost(
  server: PlannedServer,
  scenario: PlannedScenario,
  clients: number,
  startMs: number,
): TrialCost {
  const costs = server.language === 'c' ? C : TYPESCRIPT;
  const slower = startMs / REFERENCE_START_MS;
  const heldMs = scenario.idealMs + BEYOND_FLOOR_MS;
  const patienceMs = scenario.traits?.patienceMs ?? Infinity;
  const each = forEachOf(server);
  const { start, stop } = each ? costs.forEach[each] : { start: 0, stop: 0 };
  const startsMs = Math.min(clients * start * slower, patienceMs);
  const lateMs = startsMs === patienceMs ? stop * patienceMs : 0;
  const slots = each === undefined ? slotsOf(server) : Infinity;
  const waves = slots === Infinity ? 1 : Math.ceil(clients / slots);
  const servedMs = Math.min(waves * heldMs, patienceMs + heldMs);
  const loadMs = Math.max(startsMs + servedMs, heldMs + clients * costs.client * slower) + END_OF_LOAD_MS;
  return { lifeMs: (costs.life + workersMs(server, costs)) * slower + lateMs, loadMs };
}

/** The warm-up before a warm load, which ends after so many exchanges or 1 s, and the pause after it. */
const WARM_UP_MS = 700;
const SETTLE_MS = 50;
/** Of a warm-up, on both sides. */
const SESSION_MS = 1;
/** So many clients make a warm load large enough; with fewer it is repeated, at most so often. */
const ENOUGH_CLIENTS = 20;
const MOST_WARM_LOADS = 10;

/** What warming the server up takes, and loading it once more, in ms. @param loadMs what the load takes */
export function warmMs({ clients, warmLoad }: Trial, { warmedBy }: PlannedScenario, loadMs: number): number {
  const before =
    warmedBy && SETTLE_MS + (warmedBy.kind === 'time' ? warmedBy.ms : warmedBy.sessions * SESSION_MS);
  if (!warmLoad) return before ?? 0;
  const loads = Math.min(MOST_WARM_LOADS, Math.ceil(ENOUGH_CLIENTS / clients));
  return WARM_UP_MS + SETTLE_MS + loads * loadMs;
}

/** Which kind of worker the server starts for each connection. */
function forEachOf({ model }: PlannedServer): 'fork' | 'thread' | undefined {
  return model === 'fork' || model === 'thread' ? model : undefined;
}

/** To start and stop the workers of a pool, which are there before the first connection. */
function workersMs(server: PlannedServer, { process, thread }: UsualCosts): number {
  const { processes = 1 } = server;
  if (processes > 1) return processes * process;
  const pool = forEachOf(server) === undefined && server.analytic?.kind === 'pool';
  return pool ? slotsOf(server) * thread : 0;
}

function slotsOf({ analytic }: PlannedServer): number {
  if (analytic?.kind === 'iterative') return 1;
  return analytic?.kind === 'pool' ? analytic.slots : Infinity;
}
