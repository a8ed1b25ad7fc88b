/** `comparison.json`: base against head, of two runs (advisory) or of two builds measured in turn (a duet). */
import * as z from 'zod';
import { interimAnalysis } from './duet-plan.ts';
import { amount, count, estimate, interval, numbers, positive, version, type Immutable } from './leaves.ts';
import { metricDefinition } from './plan.ts';

/** How an arm is named to readers. */
export type Arm = Immutable<z.infer<typeof arm>>;
const arm = z.object({
  /** Id of a run or a git revision, for example. */
  label: z.string(),
  toolVersion: z.string(),
  startedAt: z.string(),
});

/** The difference of the head from the base, in the metric's own direction: higher is more, whether better or worse. */
export type EffectSize = Immutable<z.infer<typeof effectSize>>;
const effectSize = z.object({
  /**
   * `ratio`: head over base, 1.05 is 5 % more, for figures above zero in every sample. `difference`: head minus
   * base, in the unit of the metric, where a ratio is not defined.
   */
  scale: z.enum(['ratio', 'difference']),
  value: z.number(),
  interval: interval.nullable(),
});

export type Verdict = z.infer<typeof verdict>;
export const verdict = z.enum(['regression', 'improvement', 'no-change', 'inconclusive', 'invalid']);

/** What the launches show. Effects are ratios of head to base, turned so that above 1 is worse: 1.05 is 5 % worse. */
export type Evidence = Immutable<z.infer<typeof evidence>>;
const evidence = z.object({
  /** exp of the Hodges–Lehmann estimate. */
  effect: z.number(),
  /** Exact interval of the effect; null with fewer than 6 launches. */
  interval: interval.nullable(),
  /** One-sided upper bound at 1 − the alpha of the analysis, compared with the margin; null with too few launches. */
  upperBound: z.number().nullable(),
  /** One-sided signed-rank p in the direction of the effect. */
  p: z.number(),
  /** p after Holm's adjustment over all gates. */
  pAdjusted: z.number(),
  /** Effect that launches like these detect with 80 % power; null when so few can never reach that alpha. */
  smallestDetectable: z.number().nullable(),
});

/**
 * An interim analysis with its number, from 1, and how many there are; number 0 when a duet stopped before the
 * first.
 */
const takenAnalysis = interimAnalysis.extend({ number: count, of: count });

const effectCommon = z.object({
  server: z.string(),
  scenario: z.string(),
  clients: count,
  /** Id of the metric. */
  metric: z.string(),
  /** One sentence with the figures that decided the outcome. */
  reason: z.string(),
});

/** What can be said of two runs made at different times, which is less than a verdict. */
export type Shift = z.infer<typeof shift>;
const shift = z.enum(['worse', 'better', 'not-told']);

/** An effect between two runs, from unpaired trials made at different times. */
export type AdvisoryEffect = Immutable<z.infer<typeof advisoryEffect>>;
const advisoryEffect = effectCommon.extend({
  kind: z.literal('advisory'),
  base: estimate,
  head: estimate,
  size: effectSize,
  /** p of the null hypothesis of no difference; `adjustedP` adjusts it for all comparisons (Holm). */
  p: z.number(),
  adjustedP: z.number(),
  shift,
});

/** An effect in a duet, from paired launches, decided by a rule fixed beforehand. */
export type JudgedEffect = Immutable<z.infer<typeof judgedEffect>>;
const judgedEffect = effectCommon.extend({
  kind: z.literal('judged'),
  /** null where no launch carried the metric. */
  base: estimate.nullable(),
  head: estimate.nullable(),
  /** null where the verdict is `invalid`. */
  size: effectSize.nullable(),
  verdict,
  /** The interim analysis that decided, its launches, and the error probability it could spend. */
  look: takenAnalysis,
  /** null where the verdict is `invalid`. */
  evidence: evidence.nullable(),
});

/** Base against head in one metric of one cell. */
export type Effect = AdvisoryEffect | JudgedEffect;

/** What could not be compared, and why. */
export type NotCompared = Immutable<z.infer<typeof notCompared>>;
const notCompared = z.object({
  scenario: z.string(),
  server: z.string().exactOptional(),
  clients: positive.exactOptional(),
  why: z.string(),
});

export type Comparison = Immutable<z.infer<typeof comparisonSchema>>;
export const comparisonSchema = z.object({
  schema: version,
  /** `runs`: every effect is advisory, without a verdict. `duet`: every effect is judged. */
  kind: z.enum(['runs', 'duet']),
  base: arm,
  head: arm,
  /** Differences between the environments. Not empty only where the comparison was forced. */
  environmentDifferences: z.array(z.string()),
  /** The comparison was made although it would have been refused without force. */
  forced: z.boolean(),
  /** Sentences for the reader, the gravest first. */
  remarks: z.array(z.string()),
  /** The metrics compared, in the order of display. */
  metrics: z.array(metricDefinition),
  effects: z.array(z.discriminatedUnion('kind', [advisoryEffect, judgedEffect])),
  notCompared: z.array(notCompared),
});

/** One gate with its launches. */
export type JudgedGate = Immutable<z.infer<typeof judgedGate>>;
const judgedGate = z.object({
  /** Unique: `subject: metric`. */
  name: z.string(),
  subject: z.string(),
  /** Id of the metric. */
  metric: z.string(),
  delta: z.number(),
  margin: z.number(),
  verdict: z.object({
    name: z.string(),
    verdict,
    /** One sentence with the figures that decided. */
    reason: z.string(),
    /** Launches that carried the metric. */
    n: count,
    /** Which interim analysis this was, from 1. */
    look: count,
    /** null when invalid. */
    evidence: evidence.nullable(),
  }),
  /** ln(head/base) of each launch, above 0 is worse; by round. */
  d: numbers,
  /** The same for the base against its copy; empty where there was no control. */
  controlD: numbers,
  /** Standard deviation of `d`; null with fewer than two launches. */
  spread: z.number().nullable(),
});

/** What failed of one arm, over all its launches, repetitions included. */
export type ArmFailures = Immutable<z.infer<typeof armFailures>>;
const armFailures = z.object({
  /** Launches that were begun. */
  launches: count,
  failed: count,
  /** Clients that did not get through in those. */
  clientsFailed: count,
  /** Connects and exchanges in launches that were completed, and those that failed, by kind. */
  attempts: count,
  errors: z.record(z.string(), count),
});

/** Whether the head of one subject fails more often than its base: a gate of its own. */
export type JudgedFailures = Immutable<z.infer<typeof judgedFailures>>;
const judgedFailures = z.object({
  subject: z.string(),
  base: armFailures,
  head: armFailures,
  /** The base and its copy, in the launches of the control; null where there is no control. */
  control: armFailures.nullable(),
  verdict,
  /** One sentence with the figures that decided. */
  reason: z.string(),
  /** Exact one-sided p of the head failing more often, after Holm's adjustment over all subjects. */
  pAdjusted: z.number(),
  /** Share of the head's launches that fail: 95 % interval (Clopper–Pearson). */
  share: interval,
  /** Why the head's launches failed, each reason once, the first ones. */
  reasons: z.array(z.string()),
});

/** A frequency with an interval for its probability. */
export type Rate = Immutable<z.infer<typeof rate>>;
const rate = z.object({
  count,
  of: count,
  /** count / of. */
  rate: z.number(),
  interval,
});

/** Error rates of this procedure, simulated on the control launches of this duet. */
export type ErrorRates = Immutable<z.infer<typeof errorRates>>;
const errorRates = z.object({
  repetitions: count,
  /** Control launches that the simulation draws from. */
  launches: count,
  /** Comparisons without a difference that end in a regression. */
  falseAlarms: rate,
  /** For the first gate of each subject: how often a slowdown of this size is found. */
  power: z.array(z.object({ gate: z.string(), effect: z.number(), found: rate })),
});

/** A duet as a comparison: one judged effect for each gate, with the data behind it. */
export type DuetComparison = Immutable<z.infer<typeof duetComparisonSchema>>;
export const duetComparisonSchema = comparisonSchema.extend({
  kind: z.literal('duet'),
  effects: z.array(judgedEffect),
  duet: z.object({
    runId: z.string(),
    seed: count,
    /** SHA-256 of plan.json, which was written before the first launch. */
    planHash: z.string(),
    /** The gravest verdict of failures and gates. */
    verdict,
    /** The last interim analysis made. */
    look: takenAnalysis,
    /** Shown before the gates, one for each subject. */
    failures: z.array(judgedFailures),
    gates: z.array(judgedGate),
    launches: z.object({ completed: count, failed: count }),
    tookMs: amount,
    /** Stopped before it was decided. */
    aborted: z.boolean(),
    errorRates: errorRates.nullable(),
  }),
});
