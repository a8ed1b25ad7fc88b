/**
 * `plan.json` of a duet: the two builds, the gates, and every launch with its random choices. It is written and
 * hashed before the first launch, so that nothing can be chosen after a figure was seen.
 *
 * `launches.jsonl`: the outcome of each launch, one JSON line written as it ends.
 */
import * as z from 'zod';
import { amount, count, positive, type Immutable } from './leaves.ts';
import { metricDefinition, plannedScenario, stopSignal } from './plan.ts';

/** An interim analysis: the number of launches it is made after, and the error probability it spends. */
export type InterimAnalysis = Immutable<z.infer<typeof interimAnalysis>>;
export const interimAnalysis = z.object({ launches: count, alpha: z.number() });

/** How a duet is decided. Fixed before the first launch. */
export type DuetRule = Immutable<z.infer<typeof duetRule>>;
const duetRule = z.object({
  /** Smallest effect worth an alarm, relative (0.03: 3 %). */
  delta: z.number(),
  /** A head that is worse by less than this for certain has not changed, relative. */
  margin: z.number(),
  /**
   * In ascending order of launches. The sum of the alphas bounds the probability of a false alarm, and that of
   * declaring a gate unchanged that is worse by the margin.
   */
  analyses: z.array(interimAnalysis),
});

/** Where an arm of the comparison comes from. */
export type ArmSource = Immutable<z.infer<typeof armSource>>;
const armSource = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('revision'),
    /** As given by the user: `origin/main`. */
    ref: z.string(),
    commit: z.string(),
    /** Over the git objects of everything measured: equal hashes mean equal builds. */
    contentHash: z.string(),
  }),
  z.object({
    kind: z.literal('command'),
    command: z.string(),
    /** Over the files that the command names; null where it names none. */
    contentHash: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('folder'),
    folder: z.string(),
    contentHash: z.null(),
  }),
]);

const milliseconds = z.number().int().min(1).max(60_000);

/** Lengths of the parts of a launch, in ms. */
export type Timing = Immutable<z.infer<typeof timing>>;
export const timing = z.strictObject({
  /** Longest time connections are held for the memory reading: a quarter to open them, the rest to wait for all. */
  holdMs: milliseconds,
  /** Load before the first slice, not recorded. */
  warmupMs: milliseconds,
  slices: z.number().int().min(2).max(64).multipleOf(2, 'an even number of slices'),
  /** Recorded part of a slice. */
  sliceMs: milliseconds,
  /** Before the recorded part of a slice: connections open, and caches fill after the cores are swapped. */
  settleMs: milliseconds,
});

/** How the two arms of a launch share the machine, best first. */
export type Arrangement = z.infer<typeof arrangement>;
const arrangement = z.enum([
  /** At the same time, each on its own core; the arms swap cores continually. */
  'exchange',
  /** The same, but cores are swapped only between slices. */
  'side-by-side',
  /** One after the other, each with all cores: base, head, head, base, or the reverse. */
  'in-turn',
]);

/** A server variant as both builds start it. `{root}` in a command stands for the folder of the build. */
export type ServerSubject = Immutable<z.infer<typeof serverSubject>>;
const serverSubject = z.object({
  kind: z.literal('server'),
  name: z.string(),
  arrangement,
  /** Why this arrangement: one sentence for people. */
  arrangedBecause: z.string(),
  scenario: plannedScenario,
  clients: positive,
  /** Connections held while memory is read; null where the scenario cannot hold connections idle. */
  holdClients: positive.nullable(),
  commands: z.object({ base: z.array(z.string()), head: z.array(z.string()) }),
  announces: z.boolean(),
  stopSignal,
});

/** The benchmarks of a tinybench file. */
export type MicroSubject = Immutable<z.infer<typeof microSubject>>;
const microSubject = z.object({
  kind: z.literal('micro'),
  name: z.string(),
  /** Path of the file in both builds, relative to the root of the build. */
  file: z.string(),
  /** Names of the benchmarks that both builds have. */
  benchmarks: z.array(z.string()),
  arrangement,
  arrangedBecause: z.string(),
});

export type Subject = ServerSubject | MicroSubject;

/** One gate of the family of tests that is judged together. */
export type PlannedGate = Immutable<z.infer<typeof plannedGate>>;
const plannedGate = z.object({
  /** `subject: metric`, unique in the plan. */
  name: z.string(),
  subject: z.string(),
  metric: metricDefinition,
  /** Smallest effect worth an alarm, relative. */
  delta: z.number(),
  /** A head that is worse by less than this for certain has not changed, relative. */
  margin: z.number(),
});

/** What one launch compares with the base: the head, or (as a control) a second copy of the base. */
export type Contrast = z.infer<typeof contrast>;
const contrast = z.enum(['head', 'control']);

const oneOfTwo = z.literal([0, 1]);

/** One launch: both arms started afresh, with the random choices made for it. */
export type PlannedLaunch = Immutable<z.infer<typeof plannedLaunch>>;
const plannedLaunch = z.object({
  /** Position in the order of the duet, from 0. */
  index: count,
  /** From 1: the number of this launch among those of its subject and contrast. */
  round: positive,
  subject: z.string(),
  contrast,
  /** Which arm is started first. */
  first: z.enum(['base', 'head']),
  /**
   * For each slice, which of the two cores the base starts on; in turn: whether the base comes first (0) or second
   * (1).
   */
  pattern: z.array(oneOfTwo),
  /** Which of the two folders holds the base; the other holds the other arm. */
  place: oneOfTwo,
  /** Which of the two generators drives the base. */
  generator: oneOfTwo,
  /** Seed of the clients, the same for both arms. */
  seed: count,
});

export type DuetPlan = Immutable<z.infer<typeof duetPlanSchema>>;
export const duetPlanSchema = z.object({
  /** Version 1 called the arms "base" and "other", and the interim analyses looks. */
  schema: z.literal(2),
  kind: z.literal('duet'),
  seed: count,
  base: armSource,
  head: armSource,
  /** Both arms are the same build: an effect that is found condemns the measurement. */
  identical: z.boolean(),
  /**
   * Each launch against the head is paired with one of the base against a copy of itself. False where both arms are
   * the same build.
   */
  control: z.boolean(),
  rule: duetRule,
  timing,
  subjects: z.array(z.discriminatedUnion('kind', [serverSubject, microSubject])),
  gates: z.array(plannedGate),
  launches: z.array(plannedLaunch),
});

/** Figures by metric id, in the metric's own unit. */
export type Figures = Immutable<z.infer<typeof figures>>;
const figures = z.record(z.string(), z.number());

/** What was measured of one arm. */
export type ArmFigures = Immutable<z.infer<typeof armFigures>>;
const armFigures = z.object({
  /** Taken while connections were held, before the warm-up; absent where none were held. */
  held: figures.exactOptional(),
  slices: z.array(figures),
  /** Connects and exchanges of all loads together, and those that failed, by kind. Absent where there are no clients. */
  attempts: z.object({ made: count, failed: z.record(z.string(), count) }).exactOptional(),
});

const launchCommon = z.object({
  /** Version 1 called the arms "base" and "other". */
  schema: z.literal(2),
  launch: plannedLaunch,
  /** From 1; a launch that failed is repeated once, and counts as failed all the same. */
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
  /** Of the load that ended it: clients that did not get through. Absent where it was not ended by clients. */
  clientsFailed: count.exactOptional(),
});

export type LaunchRecord = Immutable<z.infer<typeof launchRecordSchema>>;
export const launchRecordSchema = z.discriminatedUnion('status', [completedLaunch, failedLaunch]);

/** The outcome of one launch, without the fields that the journal adds. */
export type LaunchOutcome =
  | Pick<CompletedLaunch, 'status' | 'base' | 'head'>
  | Pick<FailedLaunch, 'status' | 'arm' | 'reason' | 'clientsFailed'>;
