/** What launches leave behind: one JSON line each, written as it ends. */
import type { PlannedLaunch } from './planning/plan.ts';

/** Figures by metric id, in the metric's own unit. */
export type Figures = Readonly<Record<string, number>>;

/** What was measured of one arm. */
export interface ArmFigures {
  /** While connections were held, before the warm-up; absent where nothing was held. */
  readonly held?: Figures;
  readonly slices: readonly Figures[];
}

interface LaunchCommon {
  /** 1 called the arms "base" and "other". */
  readonly schema: 2;
  readonly launch: PlannedLaunch;
  /** 1 for the first try; a launch that did not succeed is made again. */
  readonly attempt: number;
  /** ms since the start of the duet, monotonic. */
  readonly startedMs: number;
  readonly tookMs: number;
}

export interface CompletedLaunch extends LaunchCommon {
  readonly status: 'completed';
  readonly base: ArmFigures;
  readonly head: ArmFigures;
}

/** An arm did not start, crashed or was not measured properly. */
export interface FailedLaunch extends LaunchCommon {
  readonly status: 'failed';
  readonly arm: 'base' | 'head' | 'both';
  readonly reason: string;
}

export type LaunchRecord = CompletedLaunch | FailedLaunch;

/** What came of one launch, before the journal's fields are added. */
export type LaunchOutcome =
  | Pick<CompletedLaunch, 'status' | 'base' | 'head'>
  | Pick<FailedLaunch, 'status' | 'arm' | 'reason'>;
