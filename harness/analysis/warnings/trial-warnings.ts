/** What is true of single trials and has to be known of them: one warning for each of a table of conditions. */
import type { ErrorKind } from '../../results/schema/load.ts';
import type { Warning } from '../../results/schema/summary.ts';
import type { CompletedTrial, ValidityCheck } from '../../results/schema/trial.ts';
import type { CellTrials } from '../cells/cell-trials.ts';
import { formatValue } from '../text/format.ts';
import { counted, listed, sentence } from '../text/phrases.ts';

/** A warning about all trials for which a condition holds. */
interface Rule extends Pick<Warning, 'code' | 'advice'> {
  readonly holds: (trial: CompletedTrial) => boolean;
  /** @param where how many trials and cells: `in 5 trials (3 cells)` */
  readonly message: (where: string, trials: readonly CompletedTrial[]) => string;
}

/** What names a cell in a warning. */
export function keyOf({ server, scenario, clients }: CellTrials): NonNullable<Warning['cells']>[number] {
  return { server: server.name, scenario: scenario.id, clients };
}

function warningsBy(rules: readonly Rule[], cells: readonly CellTrials[]): Warning[] {
  return rules.flatMap(({ code, advice, holds, message }) => {
    const hit = cells.filter(({ completed }) => completed.some(holds));
    if (hit.length === 0) return [];
    const trials = hit.flatMap(({ completed }) => completed.filter(holds));
    const where = `in ${counted(trials.length, 'trial')} (${counted(hit.length, 'cell')})`;
    return [{ code, message: message(where, trials), advice, cells: hit.map(keyOf) }];
  });
}

/** The generator itself ran out of descriptors or of client ports. */
function outOf(
  kind: Extract<ErrorKind, 'descriptors' | 'ports'>,
  code: Warning['code'],
  advice: string,
): Rule {
  const errors = ({ load: { connects, exchanges } }: CompletedTrial) =>
    (connects.errors[kind] ?? 0) + (exchanges.errors[kind] ?? 0);
  return {
    code,
    advice,
    holds: (trial) => errors(trial) > 0,
    message: (where, trials) =>
      `The load generator ran out of ${kind} ${counted(sum(trials, errors), 'time')} ${where}: those clients failed through no fault of the server.`,
  };
}

/** Trials that did not measure what they claim: they are counted, and no estimate and no verdict is made of them. */
function invalid(id: ValidityCheck['id'], code: Warning['code'], what: string, advice: string): Rule {
  const failed = ({ checks }: CompletedTrial) => checks.find((check) => check.id === id && !check.ok);
  return {
    code,
    advice,
    holds: (trial) => failed(trial) !== undefined,
    message: (where, [first]) =>
      `${sentence(what)} ${where}, which are shown and not judged. The first: ${(first && failed(first)?.message) ?? ''}`,
  };
}

/** Whether clients of a trial waited for the kernel to send a handshake again. */
function keptWaiting({ kernel }: CompletedTrial): boolean {
  return (kernel.synRetransmits ?? 0) > 0 || (kernel.listenOverflows ?? 0) > 0;
}

const GENERATOR_ADVICE =
  'The server can do more than shown there. Drive fewer clients, let them think longer, or use a machine with more cores.';

const FAULTS: readonly Rule[] = [
  outOf(
    'descriptors',
    'file-limit',
    'Raise the limit of open files in this shell (ulimit -n), or drive fewer clients.',
  ),
  outOf(
    'ports',
    'generator-limited',
    'Wait a minute for TIME_WAIT to pass, or widen net.ipv4.ip_local_port_range.',
  ),
  invalid(
    'generator-saturated',
    'generator-limited',
    'the load generator had used up its CPU',
    GENERATOR_ADVICE,
  ),
  invalid(
    'generator-late',
    'generator-limited',
    'the load generator was late with its own timers',
    GENERATOR_ADVICE,
  ),
  invalid(
    'conservation',
    'not-valid',
    'the counts of attempts did not add up',
    'This is a defect of the load generator: please report it with the folder of the run.',
  ),
  invalid(
    'answers',
    'not-valid',
    'answers were wrong',
    'The server does not do what is measured. Look at what it answers (holdfast serve shows a server of ours), or name a scenario that it speaks.',
  ),
  invalid(
    'littles-law',
    'not-valid',
    "Little's law did not hold",
    'Connections were dropped or the generator stalled. Look at the errors, and at a longer window.',
  ),
  invalid(
    'offered-rate',
    'not-valid',
    'the offered rate was not reached',
    'The server or the generator cannot keep up. Offer a lower rate, and find the highest that it sustains.',
  ),
  invalid(
    'nothing-due',
    'not-valid',
    'no request fell due',
    'Give a higher rate, or let the scenario last longer.',
  ),
  invalid(
    'established',
    'not-valid',
    'not all connections were established at once',
    'The server cannot hold so many connections at once: compare it where it can, or by the session scenario.',
  ),
  // A full accept queue: the kernel drops the client's handshake, which is sent again after 1 s, 3 s and 7 s. (The
  // counters are those of the network namespace, so that strangers on it may add to them.)
  {
    code: 'backlog',
    holds: keptWaiting,
    message: (where, trials) => {
      const overflows = sum(trials, ({ kernel }) => kernel.listenOverflows ?? 0);
      const again = sum(trials, ({ kernel }) => kernel.synRetransmits ?? 0);
      return (
        `The accept queue was full ${where}: ${counted(overflows, 'overflow')}, ${counted(again, 'handshake')} sent ` +
        "again after 1 s or more. The latency there is the backlog's, not the server's."
      );
    },
    advice: 'Raise --backlog and net.core.somaxconn, or read these cells as what a full backlog does.',
  },
];

/** Trials that failed a check or whose clients were hindered by the generator or the kernel, the gravest first. */
export function faultWarnings(cells: readonly CellTrials[]): Warning[] {
  return warningsBy(FAULTS, cells);
}

/** Files of the kernel that gave nothing, for the whole run. */
const UNREADABLE: Rule = {
  code: 'unreadable',
  holds: (trial) => unreadIn(trial).length > 0,
  message: (where, trials) =>
    `The kernel did not provide everything ${where}: ${listed([...new Set(trials.flatMap(unreadIn))].toSorted(), Infinity)}.`,
  advice:
    'What was not read is missing from the figures; it is not 0. Another kernel or more rights would show it.',
};

function unreadIn({ resources, kernel }: CompletedTrial): string[] {
  return [...resources.unreadable, ...kernel.unreadable];
}

/** CPU time that may be missing is worth a word from this share of what was counted on. */
const MISSING_SHARE = 0.02;

/** Threads and processes ended, and there is no cgroup that counts them to the nanosecond. */
const CPU_MISSING: Rule = {
  code: 'cpu-missing',
  holds: ({ resources: { cpuNs, cpuMissingNs } }) => cpuMissingNs > cpuNs * MISSING_SHARE,
  message: (where, trials) => {
    const most = Math.max(...trials.map(({ resources }) => resources.cpuMissingNs / 1e6));
    return (
      `CPU time is a lower bound ${where}: without a cgroup, ended threads and processes are counted in ticks of the kernel, and ` +
      `not at all where they had left the server's tree; up to ${formatValue(most, 'ms')} is missing in a trial.`
    );
  },
  advice:
    'Run Holdfast where it may make a cgroup (as root, or below a delegated one), which counts every process of a server.',
};

/** Figures that could not be observed, or not as finely as was asked for: peaks may have been missed. */
export function observationWarnings(cells: readonly CellTrials[]): Warning[] {
  const periodOf = ({ resources }: CompletedTrial) => resources.periodMs;
  const all = cells.flatMap(({ completed }) => completed);
  const finest = all.reduce((least, trial) => Math.min(least, periodOf(trial)), Infinity);
  const coarse: Rule = {
    code: 'sampling',
    holds: (trial) => periodOf(trial) > finest,
    message: (where, trials) =>
      `Sampling was slowed down ${where}, from every ${formatValue(finest, 'ms')} to every ` +
      `${formatValue(Math.max(...trials.map(periodOf)), 'ms')} at most, so that it did not cost more than 1 % of a core.`,
    advice: 'Peaks of memory, threads and processes between two samples are missed there; CPU time is not.',
  };
  return [
    ...warningsBy([UNREADABLE], cells).map(({ cells: _, ...warning }) => warning),
    ...warningsBy([CPU_MISSING, coarse], cells),
  ];
}

function sum(trials: readonly CompletedTrial[], figure: (trial: CompletedTrial) => number): number {
  return trials.reduce((total, trial) => total + figure(trial), 0);
}
