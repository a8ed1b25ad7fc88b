/** What a server's process tree used of the CPU, as metrics. */
import type { LoadResult } from './schema/load.ts';
import type { WarmLoad } from './schema/trial.ts';
import { notResolved, per, type LoadedTrial, type NotResolved, type TrialMetric } from './trial-metric.ts';

const NS_PER_US = 1000;

/** Where more than this share of the CPU time may be missing, the figure is a lower bound and no estimate. */
const MISSING_SHARE = 0.05;

/** CPU time per exchange of a warm server is not resolved below these: its own noise is about 0.05 ms in a load. */
const FEWEST_EXCHANGES = 100;
const LEAST_CPU_MS = 1;

type CpuUse = Pick<WarmLoad, 'cpuNs' | 'cpuMissingNs'>;

/** A figure of CPU time, or that it is at least so much, where more may be missing than an estimate can bear. */
function unlessMissing(
  { cpuNs, cpuMissingNs }: CpuUse,
  value: number | undefined,
  unit: 'µs' | 'ms',
): number | NotResolved | undefined {
  if (value === undefined || cpuMissingNs <= cpuNs * MISSING_SHARE) return value;
  return notResolved(
    `at least ${Number(value.toPrecision(3))} ${unit}: up to ${Math.round(cpuMissingNs / 1e6)} ms of CPU time of ended threads and processes may be missing`,
  );
}

/** CPU time over a number of things, in µs. */
function cpuPer(use: CpuUse, things: number): number | NotResolved | undefined {
  return unlessMissing(use, per(use.cpuNs / NS_PER_US, things), 'µs');
}

/** Connection-seconds that the server held, from the common timeline of all generators. */
function heldSeconds({ timeline: { atMs, established } }: LoadResult): number {
  let sumMs = 0;
  for (let i = 1; i < atMs.length; i++) {
    sumMs += (established[i - 1] ?? 0) * ((atMs[i] ?? 0) - (atMs[i - 1] ?? 0));
  }
  return sumMs / 1000;
}

/** Why the CPU time of these exchanges on a warm server says nothing of one; undefined where it does. */
export function whyWarmIsNotResolved({
  exchanges,
  cpuNs,
}: Pick<WarmLoad, 'exchanges' | 'cpuNs'>): string | undefined {
  if (exchanges < FEWEST_EXCHANGES)
    return `${exchanges} exchanges on the warm server are too few (${FEWEST_EXCHANGES} at least)`;
  const ms = cpuNs / 1e6;
  if (ms >= LEAST_CPU_MS) return undefined;
  return `${exchanges} exchanges used ${Number(ms.toPrecision(2))} ms of CPU time, which is too little (${LEAST_CPU_MS} ms at least)`;
}

/** Of the load that was made once more. */
function warmCpuPerExchange({ warm }: LoadedTrial): number | NotResolved | undefined {
  if (!warm) return undefined;
  const why = whyWarmIsNotResolved(warm);
  return why === undefined ? cpuPer(warm, warm.exchanges) : notResolved(why);
}

export const CPU_METRICS: readonly TrialMetric[] = [
  {
    id: 'cpu-per-exchange',
    title: 'CPU per exchange',
    unit: 'us',
    direction: 'lower',
    description:
      'CPU time of the whole process tree of the server, from its readiness to the end of the load, divided by completed exchanges. It includes what a connection costs.',
    read: ({ resources, load }) => cpuPer(resources, load.exchanges.completed),
  },
  {
    id: 'warm-cpu-per-exchange',
    title: 'CPU per exchange (warm)',
    unit: 'us',
    direction: 'lower',
    description:
      'The same for the same load once more on the same server, after a warm-up of up to a second: without starting up and compiling. Measured at the highest number of clients, in every third trial.',
    read: warmCpuPerExchange,
  },
  {
    id: 'cpu-per-connection',
    title: 'CPU per connection',
    unit: 'us',
    direction: 'lower',
    description: 'CPU time of the server as above, divided by established connections.',
    read: ({ resources, load }) => cpuPer(resources, load.connects.completed),
  },
  {
    id: 'cpu-per-held-second',
    title: 'CPU per held second',
    unit: 'us',
    direction: 'lower',
    description:
      'The same CPU time divided by the time that connections were held, summed over them: what one connection costs in one second of being held.',
    read: ({ resources, load }) => cpuPer(resources, heldSeconds(load)),
  },
  {
    id: 'cpu',
    title: 'CPU time',
    unit: 'ms',
    direction: 'lower',
    description: 'CPU time of the whole process tree of the server, user and system, over the load.',
    read: ({ resources }) => unlessMissing(resources, resources.cpuNs / 1e6, 'ms'),
  },
];
