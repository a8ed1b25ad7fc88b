/** The measured part of a trial: the load, with the server's tree, the kernel and the generators observed over it. */
import type { LoadBackend, LoadSpec } from '../load/backend.ts';
import { checkValidity } from '../load/accounts/validity.ts';
import { kernelCountersBetween, readKernelCounters } from '../observe/machine/kernel-counters.ts';
import type { KernelCounters, ResourceSeries, ResourceUse, ValidityCheck } from '../results/schema/trial.ts';
import type { Trial } from '../results/schema/plan.ts';
import type { LoadResult } from '../results/schema/load.ts';
import type { TreeSampler } from '../observe/sampler/sampler.ts';
import type { PhaseClock } from './phases.ts';
import { ServerFailure } from '../rig/server-failure.ts';
import type { ServerUnderTest } from '../rig/server-under-test.ts';

/** Everything that was seen of one load. */
export interface ObservedLoad {
  readonly load: LoadResult;
  readonly resources: ResourceUse;
  readonly series: ResourceSeries;
  readonly kernel: KernelCounters;
  readonly checks: readonly ValidityCheck[];
}

export interface Observation {
  readonly backend: LoadBackend;
  readonly samplePeriodMs: number;
  /** The scenario holds every connection until the end. */
  readonly holds: boolean;
  /** Whether PSS is read: at readiness, at the hold, at its peak and at the end. Default true. */
  readonly readsMemory?: boolean;
  /** Requests are due at so many a second over all clients; undefined in a closed loop. */
  readonly ratePerSecond?: number | undefined;
  readonly phases?: PhaseClock;
  readonly signal: AbortSignal;
  /** Called with everything prepared, the server and its generators: the clients start when it resolves. */
  readonly whenPrepared?: ((pids: readonly number[]) => Promise<void>) | undefined;
  /** So long, in ms, after all clients are connected and memory has been read, they are stopped. Default: the load goes on to its end. */
  readonly heldForMs?: number | undefined;
}

/**
 * Prepares the clients, starts them together, and observes until the last is done.
 *
 * The load is stopped early when the signal aborts or the server's leading process ends; the result then says what was
 * seen until there.
 *
 * @throws when no load could be made: a generator was lost, the scenario could not be loaded
 */
export async function observeLoad(
  spec: LoadSpec,
  server: ServerUnderTest,
  {
    backend,
    samplePeriodMs,
    holds,
    ratePerSecond,
    readsMemory = true,
    phases,
    signal,
    whenPrepared,
    heldForMs,
  }: Observation,
): Promise<ObservedLoad> {
  phases?.enter('prepare');
  const crash = new AbortController();
  void server.exited.then(() => crash.abort('the server ended'));
  const stop = AbortSignal.any([signal, crash.signal]);
  await using fleet = await backend.acquire(spec, stop);
  await fleet.prepare();
  await using sampler = server.watch(samplePeriodMs);
  if (readsMemory) await sampler.readReady();
  const self = process.cpuUsage();
  const before = readKernelCounters();

  phases?.enter('load');
  await whenPrepared?.([...server.pids(), ...fleet.pids]);
  const held = new AbortController();
  let ending: NodeJS.Timeout | undefined;
  let hold: Promise<Span> | undefined;
  let allThere = false;
  const running = fleet.run(AbortSignal.any([stop, held.signal]), ({ atMs, established }) => {
    if (allThere || established < spec.clients) return;
    allThere = true;
    // A short load would otherwise pass between two regular samples. Reading PSS takes the kernel a while for every
    // process, so a reading at any price is left to scenarios that hold long enough not to notice.
    if (holds && readsMemory) hold = readHold(sampler, atMs);
    else sampler.sample();
    if (heldForMs === undefined) return;
    // Not in the middle of the reading, which takes a while for many processes.
    const wait = (): void => {
      ending = setTimeout(() => held.abort('all connections were held'), heldForMs);
    };
    void Promise.resolve(hold).then(wait, wait);
  });
  const load = await running.finally(() => clearTimeout(ending));
  const span = await hold;
  const resources = withHold(await sampler.stop(), span && heldOver(load, span), spec.clients);
  return {
    load,
    resources,
    series: sampler.series,
    kernel: kernelCountersBetween(before, readKernelCounters(), resources.cpuNs + harnessCpuNs(self, load)),
    checks: checkValidity(load, { holds, ratePerSecond }),
  };
}

/** A part of a load, in ms since its start. */
interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Reads the memory of the server at this moment of the load, and says how long that took. */
async function readHold(sampler: TreeSampler, fromMs: number): Promise<Span> {
  const startMs = performance.now();
  await sampler.readHold();
  return { fromMs, untilMs: fromMs + performance.now() - startMs };
}

/** The fewest connections that were held at any moment of the span; 0 where the load ended within it. */
function heldOver({ timeline, elapsedMs, clients }: LoadResult, { fromMs, untilMs }: Span): number {
  if (untilMs > elapsedMs) return 0;
  const during = timeline.established.filter((_, i) => {
    const atMs = timeline.atMs[i] ?? 0;
    return atMs >= fromMs && atMs <= untilMs;
  });
  return Math.min(clients.asked, ...during);
}

/** The figures of the hold stand only where every connection was held while they were read. */
function withHold(resources: ResourceUse, connections: number | undefined, all: number): ResourceUse {
  if (connections === all) return { ...resources, holdConnections: connections };
  return { ...resources, holdRssBytes: null, holdPssBytes: null, pssStepBytes: null, peakFds: null };
}

/** CPU time of this process since then, and of the generators, in nanoseconds. */
function harnessCpuNs(since: NodeJS.CpuUsage, load: LoadResult): number {
  const { user, system } = process.cpuUsage(since);
  return load.generators.reduce(
    (sum, { cpuUserNs, cpuSystemNs }) => sum + cpuUserNs + cpuSystemNs,
    (user + system) * 1000,
  );
}

/**
 * A load that came to its end shows no figures when not one client got through.
 *
 * @throws ServerFailure that says why
 */
export function throwIfNobodyWasServed(load: LoadResult, trial: Trial): void {
  const { asked, completed, lost, failed, stopped } = load.clients;
  if (completed > 0 || lost === asked) return;
  if (stopped > 0 && load.elapsedMs >= trial.deadlineMs) {
    throw new ServerFailure({
      kind: 'deadline',
      message: `No client was done within the trial's deadline of ${trial.deadlineMs} ms (${stopped} of ${asked} still waiting).`,
    });
  }
  const [first] = load.firstErrors;
  const reason = first ? ` The first error (${first.kind}): ${first.message}` : '';
  throw new ServerFailure({
    kind: 'load',
    message: `Not one of ${asked} clients was served: ${failed} failed, ${lost} lost.${reason}`,
  });
}
