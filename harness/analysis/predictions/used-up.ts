/** Which resource was used up where a server is not what its architecture promises: measured counters, and nothing guessed. */
import type { EnvironmentIdentity } from '../../results/schema/run.ts';
import type { AnalyticModel } from '../../results/schema/plan.ts';
import type { CompletedTrial } from '../../results/schema/trial.ts';
import type { CellTrials } from '../cells/cell-trials.ts';
import { formatValue } from '../text/format.ts';
import { counted, listed } from '../text/phrases.ts';

/** A core, or all cores together, of which this share was used are used up. */
const BUSY = 0.8;
/** Workers are at their limit where trials agree on it this well, relative. */
const SAME = 0.02;
/** Threads and processes of a server that serve nobody: a main process, and those of a runtime. */
const MOST_IDLE_WORKERS = 16;

/** CPUs that processes may use here, limits of the cgroup included. */
export function availableCores({ cpuCount, cpusAllowed, cgroupLimits }: EnvironmentIdentity): number {
  const ranges = typeof cpusAllowed === 'string' ? cpusAllowed.split(',') : [];
  const allowed = ranges.reduce((sum, range) => {
    const [from = NaN, to = from] = range.split('-').map(Number);
    return sum + to - from + 1;
  }, 0);
  return Math.min(cpuCount, allowed || Infinity, cgroupLimits.cpus ?? Infinity);
}

/**
 * One or two sentences: everything that the counters of these trials show as used up or, where they show nothing of the
 * kind, that and what they show.
 *
 * @param withinMs the time from the start in which it matters what the server did with its CPU: the waiting period where
 *   clients were lost, as a server that is idle afterwards may have been busy until then
 */
export function usedUp(cell: CellTrials, cores: number, withinMs = Infinity): string {
  const { completed: trials } = cell;
  const cpu = cpuOf(trials, withinMs);
  const found = [acceptQueue(trials), generator(trials), cpuUsedUp(cell, cpu, cores), workers(cell)].filter(
    (one) => one !== undefined,
  );
  if (found.length > 0) return `Used up: ${found.join('; ')}.`;
  const queue = trials.some(({ kernel }) => kernel.listenOverflows === null || kernel.synRetransmits === null)
    ? 'and the counters of the accept queue could not be read'
    : 'the accept queue never overflowed, and no handshake was sent again';
  return `No counter explains it: ${coresBusy(cpu, cores)}, ${queue}.`;
}

/** CPU in cores, by who used it. */
interface Cpu {
  readonly server: number;
  readonly generators: number;
  readonly others: number;
  readonly stolen: number;
}

function cpuOf(trials: readonly CompletedTrial[], withinMs: number): Cpu {
  const mean = (cores: (trial: CompletedTrial) => number): number =>
    trials.reduce((sum, trial) => sum + cores(trial), 0) / Math.max(1, trials.length);
  const over = (ms: number, { load }: CompletedTrial): number =>
    load.elapsedMs > 0 ? ms / load.elapsedMs : 0;
  return {
    server: mean((trial) => serverCores(trial, withinMs)),
    generators: mean((trial) =>
      over(
        trial.load.generators.reduce((sum, { cpuUserNs, cpuSystemNs }) => sum + cpuUserNs + cpuSystemNs, 0) /
          1e6,
        trial,
      ),
    ),
    others: mean((trial) => over(trial.kernel.foreignCpuMs ?? 0, trial)),
    stolen: mean((trial) => over(trial.kernel.stealMs ?? 0, trial)),
  };
}

/** Cores that the server kept busy until then, from the samples where there is one; otherwise over the whole load. */
function serverCores({ load, resources, series }: CompletedTrial, withinMs: number): number {
  const last = series.atMs.findLastIndex((at) => at <= withinMs);
  const at = series.atMs[last] ?? 0;
  if (withinMs < load.elapsedMs && at > 0) return (series.cpuNs[last] ?? 0) / 1e6 / at;
  return load.elapsedMs > 0 ? resources.cpuNs / 1e6 / load.elapsedMs : 0;
}

function acceptQueue(trials: readonly CompletedTrial[]): string | undefined {
  const sum = (counter: 'listenOverflows' | 'listenDrops' | 'synRetransmits'): number =>
    trials.reduce((total, { kernel }) => total + (kernel[counter] ?? 0), 0);
  const [overflows, drops, again] = [sum('listenOverflows'), sum('listenDrops'), sum('synRetransmits')];
  if (overflows + drops + again === 0) return undefined;
  return (
    `the accept queue (${counted(overflows, 'overflow')}, ${counted(drops, 'drop')}, ` +
    `${counted(again, 'handshake')} sent again after 1 s or more)`
  );
}

function generator(trials: readonly CompletedTrial[]): string | undefined {
  const share = Math.max(
    0,
    ...trials.flatMap(({ load }) => load.generators.map(({ coreShare }) => coreShare)),
  );
  return share >= BUSY ? `the load generator (${share.toPrecision(2)} of a core)` : undefined;
}

/** The CPU of the machine; or a core by a server that is one process, which may have one thread only that does the work. */
function cpuUsedUp({ clients, completed }: CellTrials, cpu: Cpu, cores: number): string | undefined {
  const all = cpu.server + cpu.generators + cpu.others + cpu.stolen;
  const oneProcess = completed.every(({ resources }) => resources.peakProcesses <= 1);
  const machine = all >= BUSY * cores;
  if (!machine && !(oneProcess && cpu.server >= BUSY)) return undefined;
  const served = completed.reduce((sum, { load }) => sum + load.clients.completed, 0);
  const cpuNs = completed.reduce((sum, { resources }) => sum + resources.cpuNs, 0);
  const each =
    served > 0 ? `; ${formatValue(cpuNs / served / 1000, 'us')} for each client that was served` : '';
  const starts =
    completed.length > 0 && completed.every((trial) => workersOf(trial) >= Math.max(2, clients * BUSY))
      ? ', each with a process or thread of its own'
      : '';
  const thread = machine ? '' : ', as much as one thread can use';
  return `CPU (${coresBusy(cpu, cores)}${thread}${each}${starts})`;
}

function coresBusy(cpu: Cpu, cores: number): string {
  const others = [
    ['the generator', cpu.generators],
    ['other processes', cpu.others],
    ['the hypervisor', cpu.stolen],
  ] as const;
  const named = others
    .filter(([, used]) => used >= 0.05)
    .map(([who, used]) => `${who} ${used.toPrecision(2)}`);
  return listed([`the server used ${cpu.server.toPrecision(2)} of ${counted(cores, 'core')}`, ...named]);
}

/** Fewer served at once than it describes, in trials that agree on how many those were, with a worker for each of them. */
function workers({ clients, server: { analytic }, completed }: CellTrials): string | undefined {
  if (!analytic || completed.length < 2) return undefined;
  const peaks = completed.map(({ load }) => load.peakEstablished);
  const [least, most] = [Math.min(...peaks), Math.max(...peaks)];
  // A limit that is described is in the prediction.
  if (most >= Math.min(clients, slotsOf(analytic)) || most - least > SAME * most) return undefined;
  const idle = completed.map((trial) => workersOf(trial) - trial.load.peakEstablished);
  if (idle.some((more) => more < 0 || more > MOST_IDLE_WORKERS)) return undefined;
  const kept = Math.max(...completed.map(workersOf));
  return `its workers (${counted(most, 'connection')} at once in every trial, with ${counted(kept, 'process or thread', 'processes or threads')})`;
}

/** Connections that it serves at once by its description. */
export function slotsOf(analytic: AnalyticModel | undefined): number {
  if (analytic?.kind === 'iterative') return 1;
  return analytic?.kind === 'pool' ? analytic.slots : Infinity;
}

function workersOf({ resources }: CompletedTrial): number {
  return Math.max(resources.peakProcesses, resources.peakThreads);
}
