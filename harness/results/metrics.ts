/** The metrics of every trial, defined once: name, unit, direction, and how each is read from a completed trial. */
import type { HistogramStatistic, MetricDefinition } from './schema/plan.ts';
import type { LoadResult } from './schema/load.ts';
import { CPU_METRICS } from './cpu-metrics.ts';
import { MEMORY_METRICS } from './memory-metrics.ts';
import { per, type LoadedTrial, type NotResolved, type TrialMetric } from './trial-metric.ts';

/** So many exchanges have to lie beyond a percentile for it to be shown: with fewer it is hardly more than the maximum. */
const BEYOND = 10;

/** A percentile of the latency, beyond the median shown only where enough exchanges support it. */
function latency(statistic: HistogramStatistic, percent: number, description?: string): TrialMetric {
  const atLeast = description ? 1 : Math.round(BEYOND / (1 - percent / 100));
  return {
    id: `latency-${statistic}`,
    title: `latency p${percent}`,
    unit: 'ms',
    direction: 'lower',
    description:
      description ??
      `As p50, at the ${percent}th percentile; shown from ${atLeast.toLocaleString('en')} exchanges on.`,
    read: ({ load }) => {
      const histogram = load.histograms['latency'];
      return histogram && histogram.count >= atLeast ? histogram[statistic] / 1000 : undefined;
    },
  };
}

const TRIAL_METRICS: readonly TrialMetric[] = [
  {
    id: 'elapsed',
    title: 'elapsed',
    unit: 'ms',
    direction: 'lower',
    description:
      'From the common start of all clients until the last one is done: connect, exchanges, think times, close. Lost clients are included up to the moment they gave up.',
    read: (trial) => trial.load.elapsedMs,
  },
  {
    id: 'overhead',
    title: 'overhead',
    unit: 'ms',
    direction: 'lower',
    description:
      'Elapsed time above its floor, the time that one client takes with a server that answers at once, and above what the timers of the generator added to the pauses of the client that was done last.',
    read: ({ load }, idealMs) => load.elapsedMs - idealMs - (load.pauses?.lastLateMs ?? 0),
  },
  {
    id: 'throughput',
    title: 'throughput',
    unit: 'per-second',
    direction: 'higher',
    description: 'Completed exchanges a second over the recorded window (elapsed time without warm-up).',
    // None completed is no rate: what the server did instead stands in its errors.
    read: ({ load }) =>
      per((load.window?.completed ?? load.exchanges.completed) * 1000, load.windowMs) || undefined,
  },
  latency(
    'p50',
    50,
    'Median time from sending a request to its whole answer; in an open loop from the intended send time.',
  ),
  latency('p90', 90),
  latency('p99', 99),
  latency('p999', 99.9),
  {
    id: 'lost',
    title: 'lost clients',
    unit: 'ratio',
    direction: 'lower',
    description:
      'Clients that gave up within the rules because no worker came free within their waiting period, of all clients.',
    read: (trial) => per(trial.load.clients.lost, trial.load.clients.asked),
  },
  {
    id: 'failed',
    title: 'failed clients',
    unit: 'ratio',
    direction: 'lower',
    description: 'Clients that ended by an error (refused, reset, deadline, protocol …), of all clients.',
    read: (trial) => per(trial.load.clients.failed, trial.load.clients.asked),
  },
  ...CPU_METRICS,
  ...MEMORY_METRICS,
  {
    id: 'threads',
    title: 'threads',
    unit: 'count',
    direction: 'neutral',
    description: 'Most threads at once over the process tree.',
    read: (trial) => trial.resources.peakThreads,
  },
  {
    id: 'processes',
    title: 'processes',
    unit: 'count',
    direction: 'neutral',
    description: 'Most processes at once in the tree.',
    read: (trial) => trial.resources.peakProcesses,
  },
  {
    id: 'switches-per-exchange',
    title: 'context switches per exchange',
    unit: 'count',
    direction: 'lower',
    description:
      'Voluntary and involuntary context switches of the process tree, divided by completed exchanges.',
    read: ({ resources, load }) =>
      per(resources.voluntarySwitches + resources.involuntarySwitches, load.exchanges.completed),
  },
  {
    id: 'generator-share',
    title: 'generator CPU share',
    unit: 'ratio',
    direction: 'neutral',
    description:
      "The busiest generator's CPU time over elapsed time; near 1 the generator is what is measured.",
    read: ({ load: { generators } }) =>
      generators.length > 0 ? Math.max(...generators.map(({ coreShare }) => coreShare)) : undefined,
  },
];

/** The definitions without their readers: plain data, as stored in a summary. */
export const CORE_METRICS: readonly MetricDefinition[] = TRIAL_METRICS.map(({ read: _read, ...metric }) => ({
  ...metric,
  source: { from: 'trial' },
}));

/** Whether a server had served before its load: a cold one is freshly started. */
export type ServerState = 'cold' | 'warm';

const STATES: Readonly<Record<ServerState, string>> = {
  cold: 'Of cold servers: each trial starts its server afresh.',
  warm: 'Of warm servers: each was warmed up before its load.',
};

/** The metrics of every trial of servers in this state, named by it where it makes the most difference. */
export function coreMetrics(state: ServerState): readonly MetricDefinition[] {
  // The load of a server that is warm anyway is not made once more.
  return CORE_METRICS.filter(({ id }) => state === 'cold' || id !== 'warm-cpu-per-exchange').map((metric) => {
    if (metric.id === 'elapsed') return { ...metric, description: `${metric.description} ${STATES[state]}` };
    return metric.id === 'cpu-per-exchange' ? { ...metric, title: `${metric.title} (${state})` } : metric;
  });
}

const READERS = new Map(TRIAL_METRICS.map((metric) => [metric.id, metric.read]));

/** The value of a metric in one trial, or undefined where the trial does not carry it. */
export function readMetric(
  metric: MetricDefinition,
  trial: LoadedTrial,
  idealMs: number,
): number | undefined {
  const value = valueOf(metric, trial, idealMs);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Why a trial that was to carry a metric has no figure of it; undefined where it has one, or never was to. */
export function whyNotResolved(
  metric: MetricDefinition,
  trial: LoadedTrial,
  idealMs: number,
): string | undefined {
  const value = valueOf(metric, trial, idealMs);
  return typeof value === 'object' ? value.notResolved : undefined;
}

function valueOf(
  metric: MetricDefinition,
  trial: LoadedTrial,
  idealMs: number,
): number | NotResolved | undefined {
  const { source } = metric;
  switch (source.from) {
    case 'trial':
      return READERS.get(metric.id)?.(trial, idealMs);
    case 'counter':
      return counterValue(source.name, source.per, trial.load);
    case 'histogram': {
      const histogram = trial.load.histograms[source.name];
      if (!histogram || histogram.count === 0) return undefined;
      const value = histogram[source.statistic];
      return metric.unit === 'ms' ? value / 1000 : value;
    }
  }
}

function counterValue(
  name: string,
  divisor: 'second' | 'exchange' | 'client' | undefined,
  load: LoadResult,
): number | undefined {
  const count = load.counters[name];
  if (count === undefined) return undefined;
  switch (divisor) {
    case 'second':
      return per(count * 1000, load.windowMs);
    case 'exchange':
      return per(count, load.exchanges.completed);
    case 'client':
      return per(count, load.clients.asked);
    case undefined:
      return count;
  }
}
