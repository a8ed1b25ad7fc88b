/**
 * `trials.jsonl`: the outcome of each trial, one JSON line written as it ends. A figure of server or machine that
 * could not be read is null or named in `unreadable`, never zero.
 */
import * as z from 'zod';
import { amount, count, gappedNumbers, numbers, positive, version, type Immutable } from './leaves.ts';
import { loadResult } from './load.ts';
import { trial } from './plan.ts';

/** All samples of one trial, as columns of equal length. */
export type ResourceSeries = Immutable<z.infer<typeof resourceSeries>>;
const resourceSeries = z.object({
  /** Milliseconds since the sampler started. */
  atMs: numbers,
  /** CPU time used since the sampler started, in ns, including ended processes and threads. */
  cpuNs: numbers,
  /** Sum of the resident sets, in bytes: a page shared by two processes counts twice. */
  rssBytes: numbers,
  threads: numbers,
  processes: numbers,
  /** Time the hypervisor took from the whole machine. Absent in runs of versions that did not record it. */
  stealMs: gappedNumbers.exactOptional(),
});

/** Bytes of PSS or beside it; null where nothing was read, as in trials of versions before it was. */
const pss = amount.nullable().default(null);

/** What the process tree used between `start` and `stop` of its sampler. */
export type ResourceUse = Immutable<z.infer<typeof resourceUse>>;
const resourceUse = z.object({
  /** Source of the CPU time. `cgroup` is exact; docs/method/observation.md gives the error of the other. */
  source: z.enum(['cgroup', 'schedstat+ticks']),
  cpuNs: z.number(),
  userNs: z.number(),
  systemNs: z.number(),
  /** The same CPU time by the other source; null where there is only one. */
  cpuCrossCheckNs: z.number().nullable(),
  /**
   * Without a cgroup: at most so much CPU time is missing from `cpuNs`, of ended threads and processes that are known in
   * ticks only, or that had left the tree.
   */
  cpuMissingNs: amount.default(0),
  /** Context switches of threads alive at a detail reading (once a second): a lower bound. */
  voluntarySwitches: z.number(),
  involuntarySwitches: z.number(),
  /** RSS of the first sample. */
  baselineRssBytes: z.number(),
  peakRssBytes: z.number(),
  /** PSS of the tree before the first client connects (after the warm-up, if any); null where it was not read. */
  readyPssBytes: pss,
  /** Largest PSS that was read; null where none was. */
  peakPssBytes: pss,
  /** How often PSS was read, and the largest RSS of the tree at one of these moments. */
  pssReadings: count.default(0),
  pssReadAtRssBytes: pss,
  /** RSS and PSS while all clients were connected; null where the scenario does not hold them, or did not reach that. */
  holdRssBytes: z.number().nullable(),
  holdPssBytes: z.number().nullable(),
  /** Connections held throughout that reading, each proven by an exchange; null likewise. */
  holdConnections: count.nullable().default(null),
  /** The smallest growth of PSS that says anything: one page for each process at the hold; null likewise. */
  pssStepBytes: pss,
  /** Open files at the hold; null likewise. */
  peakFds: z.number().nullable(),
  peakThreads: z.number(),
  peakProcesses: z.number(),
  samples: count,
  /** Final sampling period: longer than asked for where sampling would cost more than 1 % of a core. */
  periodMs: amount,
  /** CPU time of the sampling itself, in ns. */
  samplerCpuNs: z.number(),
  /** Kinds of kernel files that could not be read, each once. */
  unreadable: z.array(z.string()),
});

/** Machine-wide counters during a trial. Unread ones are `null` and named in `unreadable`. */
export type KernelCounters = Immutable<z.infer<typeof kernelCounters>>;
const kernelCounters = z.object({
  /** Complete connections that found the accept queue full. */
  listenOverflows: z.number().nullable(),
  /** Connections dropped by a listening socket for any reason, overflows included. */
  listenDrops: z.number().nullable(),
  /** SYNs and SYN-ACKs sent again: on loopback each means a client that waited 1 s or longer to connect. */
  synRetransmits: z.number().nullable(),
  /** All segments sent again. */
  retransSegs: z.number().nullable(),
  /** Sockets in TIME_WAIT at the end, each holding a client port. */
  timeWait: z.number().nullable(),
  /** Milliseconds, summed over CPUs, in which the hypervisor ran something else. */
  stealMs: z.number().nullable(),
  /** Microseconds in which at least one task waited for a CPU. */
  cpuPressureUs: z.number().nullable(),
  contextSwitches: z.number().nullable(),
  /**
   * CPU time in ms used by neither the server's tree nor the harness, interrupts included; at least 0. The
   * machine's total counts in ticks, so it is imprecise for trials of less than a second.
   */
  foreignCpuMs: z.number().nullable(),
  unreadable: z.array(z.string()),
});

/** How long each step of a trial took, in ms. */
export type TrialPhases = Immutable<z.infer<typeof trialPhases>>;
const trialPhases = z.object({
  spawnMs: amount,
  readyMs: amount,
  /** The warm-up before the load, and the warm load after it; absent without. */
  warmMs: amount.exactOptional(),
  prepareMs: amount,
  loadMs: amount,
  /** From the end of the load until the server's tree was gone. */
  stopMs: amount,
});

/** The load that a server had before it was measured, so that its code is compiled and its pools have grown. */
export type WarmUp = Immutable<z.infer<typeof warmUp>>;
const warmUp = z.object({
  /** Exchanges and sessions (connections that were opened and closed) that were completed. */
  exchanges: count,
  sessions: count,
  ms: amount,
});

/** The load of the trial once more, on the same server, after a warm-up. */
export type WarmLoad = Immutable<z.infer<typeof warmLoad>>;
const warmLoad = z.object({
  /** All that the server had served until then, the first load included. */
  warmUp,
  /** How often the load was repeated; the other figures are sums. */
  loads: positive,
  exchanges: count,
  connections: count,
  /** Clients that were not served in full. */
  unserved: count,
  elapsedMs: amount,
  /** CPU time of the server's whole tree over these loads, and what may be missing of it, as in `resources`. */
  cpuNs: z.number(),
  cpuMissingNs: amount.default(0),
});

/** One check of whether the trial measured what it claims. */
export type ValidityCheck = Immutable<z.infer<typeof validityCheck>>;
const validityCheck = z.object({
  id: z.enum([
    'conservation',
    'answers',
    'littles-law',
    'generator-saturated',
    'generator-late',
    'offered-rate',
    'nothing-due',
    'established',
  ]),
  ok: z.boolean(),
  /** The figure compared with the limit. */
  value: z.number(),
  limit: z.number(),
  /** One sentence for people. */
  message: z.string(),
});

/** Why a trial failed. */
export type TrialFailure = Immutable<z.infer<typeof trialFailure>>;
const trialFailure = z.object({
  kind: z.enum([
    'spawn',
    'exited-early',
    'never-ready',
    'port-taken',
    'server-crashed',
    'load',
    'generator-lost',
    'deadline',
    'left-behind',
  ]),
  message: z.string(),
  exitCode: z.number().exactOptional(),
  signal: z.string().exactOptional(),
  /** Last lines of the server's stderr. */
  stderrTail: z.string().exactOptional(),
});

/** Fields of every line, however the trial ended. */
export type TrialCommon = Immutable<z.infer<typeof trialCommon>>;
const trialCommon = z.object({
  schema: version,
  trial,
  /** Wall-clock time of the start, ISO 8601, for display only. */
  startedAt: z.string(),
  /** ms since the start of the run, monotonic. */
  startedMs: amount,
  phases: trialPhases,
});

export type CompletedTrial = Immutable<z.infer<typeof completedTrial>>;
const completedTrial = trialCommon.extend({
  status: z.literal('completed'),
  load: loadResult,
  resources: resourceUse,
  series: resourceSeries,
  kernel: kernelCounters,
  checks: z.array(validityCheck),
  /** What the server had served before the load; absent where it was cold, that is, freshly started. */
  warmUp: warmUp.exactOptional(),
  /** Absent where the plan does not ask for it. */
  warm: warmLoad.exactOptional(),
  /** Statistics printed by the server as it stopped, where it does so. */
  serverStatistics: z.record(z.string(), z.unknown()).exactOptional(),
});

export type FailedTrial = Immutable<z.infer<typeof failedTrial>>;
const failedTrial = trialCommon.extend({
  status: z.literal('failed'),
  failure: trialFailure,
  /** The load up to the failure, where it had begun. */
  load: loadResult.exactOptional(),
});

const abortedTrial = trialCommon.extend({
  status: z.literal('aborted'),
  /** What stopped it: `SIGINT`, … */
  reason: z.string(),
});

export type TrialResult = Immutable<z.infer<typeof trialResultSchema>>;
export const trialResultSchema = z.discriminatedUnion('status', [completedTrial, failedTrial, abortedTrial]);
