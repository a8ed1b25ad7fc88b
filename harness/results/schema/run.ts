/**
 * `environment.json`: what a measurement depends on besides server and load. *Identity* is what must be the same for two
 * runs to be compared; *state* changes by itself and is recorded and warned about.
 *
 * `run.json`: what a run, or a duet, records of itself besides its plan and its environment.
 */
import * as z from 'zod';
import { amount, version, type Immutable } from './leaves.ts';

/** A figure or a setting; null where this kernel does not have it or this user may not read it. */
export type Fact = z.infer<typeof fact>;
const fact = z.union([z.string(), z.number(), z.null()]);

/** The tightest limits of this process's cgroups and all above them that can be seen; null is no limit. */
export type CgroupLimits = Immutable<z.infer<typeof cgroupLimits>>;
const cgroupLimits = z.object({
  /** CPUs' worth of time, such as 1.5. */
  cpus: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  processes: z.number().nullable(),
});

/** A soft and a hard limit; `Infinity` is not JSON, so that no limit is null. */
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
  /** By weakness of the CPU, what the kernel does about it: it slows every system call. */
  mitigations: z.record(z.string(), z.string()),
  cgroupLimits,
  /** Limits of this process, which a server inherits. Node raises its own soft limit to the hard one at its start. */
  openFiles: limit.nullable(),
  processes: limit.nullable(),
  /** Upper bound of every listen backlog. */
  somaxconn: fact,
  /** Settings under net.ipv4 that change what connections cost or how they fail. */
  tcp: z.record(z.string(), fact),
  /** First and last client port that the kernel gives out. */
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
  /** Present frequency of each CPU, in MHz, as far as told. */
  cpuMhz: z.array(z.number()),
  /** Load averages over 1, 5 and 15 minutes. */
  load: z.array(z.number()).nullable(),
  /** Per cent of the last 10 s in which some task waited for CPU, memory or disk. */
  pressure: z.record(z.enum(['cpu', 'memory', 'io']), z.number().nullable()),
  /** Steal time since boot, milliseconds over all CPUs. */
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
  /** Version of Holdfast that made it. */
  toolVersion: z.string(),
  /** SHA-256 of package-lock.json, or null where there is none. */
  lockfileHash: z.string().nullable(),
  /** SHA-256 of plan.json as written. */
  planHash: z.string(),
  /** SHA-256 over what each server is made of (its files, or the resolved program of a command). */
  serverHashes: z.record(z.string(), z.string().nullable()),
  /** The command line that makes it again. */
  commandLine: z.array(z.string()),
  startedAt: z.string(),
  status: z.enum(['running', 'complete', 'aborted']),
  /** Summed over trials; written at the end. */
  timeSpent: timeSpent.exactOptional(),
});
