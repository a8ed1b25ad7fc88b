/** `run.json`: what a run, or a duet, records of itself besides its plan and its environment. */
import * as z from 'zod';
import { amount, version, type Immutable } from './leaves.ts';

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
