/** The memory of a server's process tree, as metrics: PSS where it is compared, RSS beside it. */
import type { ResourceUse } from './schema/trial.ts';
import { notResolved, per, type LoadedTrial, type NotResolved, type TrialMetric } from './trial-metric.ts';

/**
 * A tree that grew in RSS by more than this share after PSS was last read may have had a larger PSS than was read. The
 * counters of RSS themselves are inexact by 32 pages for each CPU, process and kind of page (`percpu_counter_batch` in
 * lib/percpu_counter.c, since Linux 6.2; 64 events a thread before).
 */
const UNSEEN_SHARE = 0.05;
const UNSEEN_BYTES = 256 * 1024;

const MEGABYTE = 1e6;

function megabytes(bytes: number): string {
  return `${Number((bytes / MEGABYTE).toPrecision(3))} MB`;
}

/** The largest reading of PSS, where the tree was read when it was at its largest. */
function peakPss(resources: ResourceUse): number | NotResolved | undefined {
  const { peakPssBytes, pssReadAtRssBytes, peakRssBytes } = resources;
  if (peakPssBytes === null || pssReadAtRssBytes === null) return undefined;
  const unseen = Math.max(pssReadAtRssBytes * UNSEEN_SHARE, UNSEEN_BYTES);
  if (peakRssBytes <= pssReadAtRssBytes + unseen) return peakPssBytes;
  return notResolved(
    `RSS rose to ${megabytes(peakRssBytes)} between readings of PSS, which were at ${megabytes(pssReadAtRssBytes)} at most`,
  );
}

/** Growth of PSS from readiness to the hold for each connection held. */
function memoryPerConnection({ resources, checks }: LoadedTrial): number | NotResolved | undefined {
  const { readyPssBytes, holdPssBytes, holdConnections, pssStepBytes } = resources;
  // Only scenarios that hold all their clients are asked whether they did.
  const hold = checks.find(({ id }) => id === 'established');
  if (hold?.ok === false) return notResolved('the clients were not all connected at once');
  if (hold && readyPssBytes !== null && holdConnections === null)
    return notResolved('the hold was over before memory had been read');
  if (readyPssBytes === null || holdPssBytes === null || holdConnections === null) return undefined;
  const growth = holdPssBytes - readyPssBytes;
  if (pssStepBytes === null || growth >= pssStepBytes) return per(growth, holdConnections);
  // The server has freed memory, or other processes of the machine have come to share pages of its program.
  if (growth < -pssStepBytes) return notResolved(`PSS fell by ${megabytes(-growth)} while the clients came`);
  const connections = `${holdConnections} ${holdConnections === 1 ? 'connection' : 'connections'}`;
  return notResolved(`${connections} added less than a page a process (${pssStepBytes / 1024} KiB)`);
}

export const MEMORY_METRICS: readonly TrialMetric[] = [
  {
    id: 'memory-per-connection',
    title: 'memory per connection',
    unit: 'bytes',
    direction: 'lower',
    description:
      'Growth of the PSS of the process tree from readiness to the moment when all clients were connected, divided by the connections that were proven to be held then. Only in scenarios that hold all their clients.',
    read: memoryPerConnection,
  },
  {
    id: 'pss-peak',
    title: 'peak PSS',
    unit: 'bytes',
    direction: 'lower',
    description:
      'Largest proportional set size (PSS) that was read of the process tree: pages shared by several processes are divided among them. Read at readiness, when RSS has grown, when all clients are held, and at the end.',
    read: ({ resources }) => peakPss(resources),
  },
  {
    id: 'rss-peak',
    title: 'peak RSS',
    unit: 'bytes',
    direction: 'neutral',
    description:
      'Largest sum of resident memory (RSS) over the process tree. Pages shared by several processes count once a process, so it is shown and not compared.',
    read: ({ resources }) => resources.peakRssBytes,
  },
];
