/** The measured part of a trial: the load, with the server's tree, the kernel and the generators observed over it. */
import type { LoadBackend, LoadSpec } from '../load/backend.ts';
import { TreeSampler } from '../observe/sampler/sampler.ts';
import { checkValidity } from '../load/accounts/validity.ts';
import type { CpuCgroup } from '../observe/cpu/cgroup.ts';
import {
  kernelCountersBetween,
  readKernelCounters,
  type KernelCounters,
} from '../observe/machine/kernel-counters.ts';
import type { ResourceSeries, ResourceUse } from '../observe/types.ts';
import type { Trial } from '../plan/plan.ts';
import type { LoadResult, TrialFailure, ValidityCheck } from '../results/trial-result.ts';
import type { PhaseClock } from './phases.ts';
import type { ServerProcess } from '../rig/server-process.ts';

/** Everything that was seen of one load. */
export interface ObservedLoad {
  readonly load: LoadResult;
  readonly resources: ResourceUse;
  readonly series: ResourceSeries;
  readonly kernel: KernelCounters;
  readonly checks: readonly ValidityCheck[];
}

export interface ObservationOptions {
  /** The mark that the server's processes carry. */
  readonly mark: string;
  readonly samplePeriodMs: number;
  /** The scenario holds every connection until the end. */
  readonly holds: boolean;
  /** The cgroup that the server was started in, where one could be made. */
  readonly cgroup: CpuCgroup | undefined;
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
  backend: LoadBackend,
  spec: LoadSpec,
  server: ServerProcess,
  options: ObservationOptions,
  signal: AbortSignal,
  phases: PhaseClock,
): Promise<ObservedLoad> {
  phases.enter('prepare');
  const crash = new AbortController();
  void server.exited.then(() => crash.abort('the server ended'));
  const stop = AbortSignal.any([signal, crash.signal]);
  await using fleet = await backend.acquire(spec, stop);
  await fleet.prepare();
  await using sampler = TreeSampler.start(server.pid, {
    groupId: server.pid,
    mark: options.mark,
    periodMs: options.samplePeriodMs,
    ...(options.cgroup ? { cgroup: options.cgroup } : {}),
  });
  const self = process.cpuUsage();
  const before = readKernelCounters();

  phases.enter('load');
  let peakHold: Promise<void> | undefined;
  const load = await fleet.run(stop, ({ established }) => {
    if (peakHold || established < spec.clients) return;
    // All are there: a short trial would otherwise pass between two regular samples. Reading PSS takes the kernel a
    // while for every process, so it is left to scenarios that hold long enough not to notice.
    peakHold = options.holds ? sampler.hold() : Promise.resolve(void sampler.sample());
  });
  await peakHold;
  const resources = await sampler.stop();
  return {
    load,
    resources,
    series: sampler.series,
    kernel: kernelCountersBetween(before, readKernelCounters(), {
      treeCpuNs: resources.cpuNs,
      harnessCpuNs: harnessCpuNs(self, load),
    }),
    checks: checkValidity(load, { holds: options.holds }),
  };
}

/** CPU time of this process since then, and of the generators, in nanoseconds. */
function harnessCpuNs(since: NodeJS.CpuUsage, load: LoadResult): number {
  const { user, system } = process.cpuUsage(since);
  return load.generators.reduce(
    (sum, { cpuUserNs, cpuSystemNs }) => sum + cpuUserNs + cpuSystemNs,
    (user + system) * 1000,
  );
}

/** Why a load that came to its end shows no figures: not one client got through. */
export function loadFailure(load: LoadResult, trial: Trial): TrialFailure | undefined {
  const { asked, completed, lost, failed, stopped } = load.clients;
  if (completed > 0 || lost === asked) return undefined;
  const first = load.firstErrors[0];
  if (stopped > 0 && load.elapsedMs >= trial.deadlineMs) {
    return {
      kind: 'deadline',
      message: `No client was done within the trial's deadline of ${trial.deadlineMs} ms (${stopped} of ${asked} still waiting).`,
    };
  }
  const reason = first ? ` The first error (${first.kind}): ${first.message}` : '';
  return {
    kind: 'load',
    message: `Not one of ${asked} clients was served: ${failed} failed, ${lost} lost.${reason}`,
  };
}
