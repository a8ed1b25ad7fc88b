/** A run: environment, plan and the results of its trials. On disk, a folder; here, the value that is read from it. */
import type { Environment } from '../observe/machine/environment.ts';
import type { Plan } from '../plan/plan.ts';
import type { TrialResult } from './trial-result.ts';

/** What a run records of itself beside plan and environment: `run.json`. */
export interface RunManifest {
  readonly schema: 1;
  /** Folder name: date, time and a short random part. */
  readonly id: string;
  /** Version of Holdfast that made it. */
  readonly toolVersion: string;
  /** SHA-256 of package-lock.json, or null where there is none. */
  readonly lockfileHash: string | null;
  /** SHA-256 of plan.json as written. */
  readonly planHash: string;
  /** SHA-256 over what each server is made of (its files, or the resolved program of a command). */
  readonly serverHashes: Readonly<Record<string, string | null>>;
  /** The command line that makes it again. */
  readonly commandLine: readonly string[];
  readonly startedAt: string;
  readonly status: 'running' | 'complete' | 'aborted';
  /** Where the time went, in ms, summed over trials; written at the end. */
  readonly timeSpent?: TimeSpent;
}

/** Where the time of a run went, in ms. */
export interface TimeSpent {
  readonly spawnMs: number;
  readonly readyMs: number;
  readonly prepareMs: number;
  readonly loadMs: number;
  readonly stopMs: number;
  readonly betweenMs: number;
  readonly reportMs: number;
  readonly totalMs: number;
}

export interface Run {
  readonly manifest: RunManifest;
  readonly plan: Plan;
  readonly environment: Environment;
  /** In the order they ran. */
  readonly trials: readonly TrialResult[];
}

/** Whose sockets carried the clients of a run: `native`, `node`, both, or '' where no trial says so (an older version). */
export function socketsOf({ trials }: Pick<Run, 'trials'>): string {
  const loads = trials.flatMap((trial) => ('load' in trial && trial.load ? [trial.load] : []));
  const kinds = loads.flatMap(({ generators }) => generators.map(({ sockets }) => sockets));
  return [...new Set(kinds)]
    .filter((kind) => kind !== undefined)
    .toSorted()
    .join(', ');
}
