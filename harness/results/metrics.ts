/** The metrics of every trial, defined once: name, unit, direction, and how each is read from a completed trial. */
import type { HistogramStatistic, MetricDefinition } from './schema/plan.ts';
import type { CompletedTrial } from './schema/trial.ts';
import type { LoadResult } from './schema/load.ts';

/** What metrics are read from. */
type LoadedTrial = Pick<CompletedTrial, 'load' | 'resources'>;

interface TrialMetric extends Omit<MetricDefinition, 'source'> {
  /** The value in one trial, or undefined where the trial does not carry it (never 0 in its place). */
  readonly read: (trial: LoadedTrial, idealMs: number) => number | undefined;
}

const NS_PER_US = 1000;

/** a / b, or undefined where b is 0. */
function per(a: number, b: number): number | undefined {
  return b > 0 ? a / b : undefined;
}

/** Connection-seconds that the server held, from the common timeline of all generators. */
function heldSeconds({ timeline: { atMs, established } }: LoadResult): number {
  let sumMs = 0;
  for (let i = 1; i < atMs.length; i++) {
    sumMs += (established[i - 1] ?? 0) * ((atMs[i] ?? 0) - (atMs[i - 1] ?? 0));
  }
  return sumMs / 1000;
}

/** A percentile of the latency, shown only where enough exchanges support it: at least ten beyond the percentile. */
function latency(
  statistic: HistogramStatistic,
  title: string,
  description: string,
  atLeast: number,
): TrialMetric {
  return {
    id: `latency-${statistic}`,
    title,
    unit: 'ms',
    direction: 'lower',
    description,
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
      'Elapsed time above its floor, the time that one client takes with a server that answers at once.',
    read: (trial, idealMs) => trial.load.elapsedMs - idealMs,
  },
  {
    id: 'throughput',
    title: 'throughput',
    unit: 'per-second',
    direction: 'higher',
    description: 'Completed exchanges a second over the recorded window (elapsed time without warm-up).',
    read: ({ load }) => per((load.window?.completed ?? load.exchanges.completed) * 1000, load.windowMs),
  },
  latency(
    'p50',
    'latency p50',
    'Median time from sending a request to its whole answer; in an open loop from the intended send time.',
    1,
  ),
  latency('p90', 'latency p90', 'As p50, at the 90th percentile; shown from 100 exchanges on.', 100),
  latency('p99', 'latency p99', 'As p50, at the 99th percentile; shown from 1,000 exchanges on.', 1000),
  latency(
    'p999',
    'latency p99.9',
    'As p50, at the 99.9th percentile; shown from 10,000 exchanges on.',
    10_000,
  ),
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
  {
    id: 'cpu-per-exchange',
    title: 'CPU per exchange',
    unit: 'us',
    direction: 'lower',
    description:
      'CPU time of the whole process tree of the server, from its readiness to the end of the load, divided by completed exchanges. It includes what a connection costs.',
    read: ({ resources, load }) => per(resources.cpuNs / NS_PER_US, load.exchanges.completed),
  },
  {
    id: 'cpu-per-connection',
    title: 'CPU per connection',
    unit: 'us',
    direction: 'lower',
    description: 'The same CPU time divided by established connections.',
    read: ({ resources, load }) => per(resources.cpuNs / NS_PER_US, load.connects.completed),
  },
  {
    id: 'cpu-per-held-second',
    title: 'CPU per held second',
    unit: 'us',
    direction: 'lower',
    description:
      'The same CPU time divided by the time that connections were held, summed over them: what one connection costs in one second of being held.',
    read: ({ resources, load }) => per(resources.cpuNs / NS_PER_US, heldSeconds(load)),
  },
  {
    id: 'cpu',
    title: 'CPU time',
    unit: 'ms',
    direction: 'lower',
    description: 'CPU time of the whole process tree of the server, user and system, over the load.',
    read: (trial) => trial.resources.cpuNs / 1e6,
  },
  {
    id: 'rss-peak',
    title: 'peak memory',
    unit: 'bytes',
    direction: 'lower',
    description:
      'Largest sum of resident memory (RSS) over the process tree. Pages shared by several processes count once a process.',
    read: (trial) => trial.resources.peakRssBytes,
  },
  {
    id: 'memory-per-connection',
    title: 'memory per connection',
    unit: 'bytes',
    direction: 'lower',
    description:
      'Growth of resident memory from readiness to its peak, divided by the most connections that were held at once, each proven by an exchange.',
    read: (trial) =>
      per(trial.resources.peakRssBytes - trial.resources.baselineRssBytes, trial.load.peakEstablished),
  },
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

const READERS = new Map(TRIAL_METRICS.map((metric) => [metric.id, metric.read]));

/** The value of a metric in one trial, or undefined where the trial does not carry it. */
export function readMetric(
  metric: MetricDefinition,
  trial: LoadedTrial,
  idealMs: number,
): number | undefined {
  const value = valueOf(metric, trial, idealMs);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function valueOf(metric: MetricDefinition, trial: LoadedTrial, idealMs: number): number | undefined {
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
