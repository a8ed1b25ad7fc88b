/** What a launch of a duet leaves behind: one JSON line of `launches.jsonl`, written as it ends. */
import * as z from 'zod';
import { amount, positive, type Immutable } from './leaves.ts';
import { plannedLaunch } from './duet-plan.ts';

/** Figures by metric id, in the metric's own unit. */
export type Figures = Immutable<z.infer<typeof figures>>;
const figures = z.record(z.string(), z.number());

/** What was measured of one arm. */
export type ArmFigures = Immutable<z.infer<typeof armFigures>>;
const armFigures = z.object({
  /** While connections were held, before the warm-up; absent where nothing was held. */
  held: figures.exactOptional(),
  slices: z.array(figures),
});

const launchCommon = z.object({
  /** 1 called the arms "base" and "other". */
  schema: z.literal(2),
  launch: plannedLaunch,
  /** 1 for the first try; a launch that did not succeed is made again. */
  attempt: positive,
  /** ms since the start of the duet, monotonic. */
  startedMs: amount,
  tookMs: amount,
});

export type CompletedLaunch = Immutable<z.infer<typeof completedLaunch>>;
const completedLaunch = launchCommon.extend({
  status: z.literal('completed'),
  base: armFigures,
  head: armFigures,
});

/** An arm did not start, crashed or was not measured properly. */
export type FailedLaunch = Immutable<z.infer<typeof failedLaunch>>;
const failedLaunch = launchCommon.extend({
  status: z.literal('failed'),
  arm: z.enum(['base', 'head', 'both']),
  reason: z.string(),
});

export type LaunchRecord = Immutable<z.infer<typeof launchRecordSchema>>;
export const launchRecordSchema = z.discriminatedUnion('status', [completedLaunch, failedLaunch]);

/** What came of one launch, before the journal's fields are added. */
export type LaunchOutcome =
  | Pick<CompletedLaunch, 'status' | 'base' | 'head'>
  | Pick<FailedLaunch, 'status' | 'arm' | 'reason'>;
