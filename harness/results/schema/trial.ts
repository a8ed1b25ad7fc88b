/** What happened in one trial: one JSON line of `trials.jsonl`, written as the trial ends. */
import * as z from 'zod';
import { amount, version, type Immutable } from './leaves.ts';
import { loadResult } from './load.ts';
import { kernelCounters, resourceSeries, resourceUse } from './observation.ts';
import { trial } from './plan.ts';

/** How long each step of a trial took, in ms. */
export type TrialPhases = Immutable<z.infer<typeof trialPhases>>;
const trialPhases = z.object({
  spawnMs: amount,
  readyMs: amount,
  prepareMs: amount,
  loadMs: amount,
  /** From the end of the load until the server's tree was gone. */
  stopMs: amount,
});

/** One check of whether the trial measured what it claims. */
export type ValidityCheck = Immutable<z.infer<typeof validityCheck>>;
const validityCheck = z.object({
  id: z.enum([
    'conservation',
    'littles-law',
    'generator-saturated',
    'generator-late',
    'offered-rate',
    'established',
  ]),
  ok: z.boolean(),
  /** The figure that was compared with the limit. */
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
  /** The last lines that the server wrote to stderr. */
  stderrTail: z.string().exactOptional(),
});

/** What every line holds, however the trial ended. */
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
  /** Statistics that the server printed as it stopped, if it is one that does. */
  serverStatistics: z.record(z.string(), z.unknown()).exactOptional(),
});

export type FailedTrial = Immutable<z.infer<typeof failedTrial>>;
const failedTrial = trialCommon.extend({
  status: z.literal('failed'),
  failure: trialFailure,
  /** What the load had seen until then, where it had begun. */
  load: loadResult.exactOptional(),
});

const abortedTrial = trialCommon.extend({
  status: z.literal('aborted'),
  /** What stopped it: `SIGINT`, … */
  reason: z.string(),
});

export type TrialResult = Immutable<z.infer<typeof trialResultSchema>>;
export const trialResultSchema = z.discriminatedUnion('status', [completedTrial, failedTrial, abortedTrial]);
