/**
 * `environment.json`: what a measurement depends on besides server and load. *Identity* must be equal for two runs
 * to be compared; *state* varies by itself and is recorded and warned about.
 *
 * `run.json`: what a run or a duet records of itself besides its plan and its environment.
 */
import * as z from 'zod';
import { amount, version, type Immutable } from './leaves.ts';

/** A figure or a setting; null where the kernel does not have it or the user may not read it. */
export type Fact = z.infer<typeof fact>;
const fact = z.union([z.string(), z.number(), z.null()]);

/** The tightest visible limits of this process's cgroup and its ancestors; null is no limit. */
export type CgroupLimits = Immutable<z.infer<typeof cgroupLimits>>;
const cgroupLimits = z.object({
  /** CPUs' worth of time, such as 1.5. */
  cpus: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  processes: z.number().nullable(),
});

/** A soft and a hard limit; null is no limit, as JSON has no `Infinity`. */
export type Limit = Immutable<z.infer<typeof limit>>;
const limit = z.object({ soft: z.number().nullable(), hard: z.number().nullable() });

export type EnvironmentIdentity = Immutable<z.infer<typeof environmentIdentity>>;
const environmentIdentity = z.object({
  cpuModel: fact,
  /** CPUs that are online. */
  cpuCount: z.number(),
  /** CPUs that this process may use, such as `0-1`. */
  cpusAllowed: fact,
  architecture: z.string(),
  /** Release and build, such as `6.1.0-28-amd64 #1 SMP …`. */
  kernel: z.string(),
  /** The kernel's mitigation for each CPU vulnerability; mitigations slow every system call. */
  mitigations: z.record(z.string(), z.string()),
  cgroupLimits,
  /** Limits of this process, inherited by servers. Node raises its soft limit to the hard one at its start. */
  openFiles: limit.nullable(),
  processes: limit.nullable(),
  /** Upper bound of every listen backlog. */
  somaxconn: fact,
  /** Settings under net.ipv4 that affect the cost of connections or how they fail. */
  tcp: z.record(z.string(), fact),
  /** First and last ephemeral port. */
  portRange: fact,
  hugePages: fact,
  clockSource: fact,
  nodeVersion: z.string(),
  /** `glibc 2.36`, or `musl` where node was built without glibc. */
  libc: z.string(),
});

export type EnvironmentState = Immutable<z.infer<typeof environmentState>>;
const environmentState = z.object({
  /** Frequency governor of the first CPU; null on most virtual machines. */
  governor: fact,
  /** Current frequency of each CPU, in MHz, where known. */
  cpuMhz: z.array(z.number()),
  /** Load averages over 1, 5 and 15 minutes. */
  load: z.array(z.number()).nullable(),
  /** Percentage of the last 10 s in which some task waited for CPU, memory or disk. */
  pressure: z.record(z.enum(['cpu', 'memory', 'io']), z.number().nullable()),
  /** Steal time since boot, in ms over all CPUs. */
  stealMs: z.number().nullable(),
  uptimeS: z.number(),
  memoryTotalBytes: z.number().nullable(),
  memoryAvailableBytes: z.number().nullable(),
});

export type Environment = Immutable<z.infer<typeof environmentSchema>>;
export const environmentSchema = z.object({ identity: environmentIdentity, state: environmentState });

/** Where the time of a run went, in ms. */
export type TimeSpent = Immutable<z.infer<typeof timeSpent>>;
const timeSpent = z.object({
  spawnMs: amount,
  readyMs: amount,
  /** Warm-ups and warm loads; absent in runs of versions that had none. */
  warmMs: amount.exactOptional(),
  prepareMs: amount,
  loadMs: amount,
  stopMs: amount,
  betweenMs: amount,
  reportMs: amount,
  totalMs: amount,
});

export type RunManifest = Immutable<z.infer<typeof runManifestSchema>>;
export const runManifestSchema = z.object({
  schema: version,
  /** Folder name: date, time and a short random part. */
  id: z.string(),
  toolVersion: z.string(),
  /** SHA-256 of package-lock.json, or null where there is none. */
  lockfileHash: z.string().nullable(),
  /** SHA-256 of plan.json as written. */
  planHash: z.string(),
  /** SHA-256 over what each server is made of (its files, or the resolved program of a command). */
  serverHashes: z.record(z.string(), z.string().nullable()),
  /** The command line that repeats it. */
  commandLine: z.array(z.string()),
  startedAt: z.string(),
  status: z.enum(['running', 'complete', 'aborted']),
  /** How long the run was expected to take before its first trial, in ms. Absent where it was resumed. */
  estimatedMs: amount.exactOptional(),
  /** Summed over trials; written at the end. */
  timeSpent: timeSpent.exactOptional(),
});
