/**
 * `holdfast.duet.json`: what a duet compares and how it is decided, kept in the repository so that it is fixed
 * before a result.
 */
import * as z from 'zod';
import { timing } from './duet-plan.ts';
import type { Immutable } from './leaves.ts';

const share = z
  .number()
  .gt(0, 'a share above 0, such as 0.03 for 3 %')
  .lt(1, 'a share below 1, such as 0.03 for 3 %');

/** A gate's own limits; those of the rule where absent. */
export type GateSetting = Immutable<z.infer<typeof gateSetting>>;
const gateSetting = z.strictObject({ delta: share.exactOptional(), margin: share.exactOptional() });

const interimAnalyses = z
  .array(z.strictObject({ launches: z.number().int().min(4).max(400), alpha: share }))
  .min(1, 'at least one interim analysis')
  .refine(
    (analyses) => analyses.every(({ launches }, i) => i === 0 || launches > analyses[i - 1]!.launches),
    'interim analyses in ascending order of launches',
  )
  .refine(
    (analyses) => analyses.reduce((sum, { alpha }) => sum + alpha, 0) <= 0.2,
    'alphas that add up to 0.2 at most: their sum is the probability of a false alarm',
  );

const { holdMs, warmupMs, slices, sliceMs, settleMs } = timing.shape;

/** The configuration once read: defaults are filled in; delta, margin and looks become its `rule`. */
export type DuetConfig = Immutable<z.infer<typeof duetConfigSchema>>;
export const duetConfigSchema = z
  .strictObject({
    servers: z.array(z.string().min(1)).default([]),
    scenario: z.string().min(1).default('echo'),
    /** Parameters of the scenario, `name=value`. */
    set: z.array(z.string()).default([]),
    clients: z.number().int().min(1).max(10_000).default(50),
    /** Connections held while memory is read. */
    holdClients: z.number().int().min(1).max(15_000).default(2000),
    /** A tinybench file of the repository whose benchmarks are gates too, or none. */
    micro: z
      .union([z.literal(false), z.string().min(1)], 'the path of a tinybench file, or false')
      .default(false),
    /** Smallest effect worth an alarm, relative. */
    delta: share,
    /** A head that is worse by less than this for certain has not changed, relative; at least delta. */
    margin: share,
    /** The interim analyses. */
    looks: interimAnalyses,
    /** By metric id, in the order of display. */
    gates: z.record(z.string(), gateSetting),
    /** Of every micro-benchmark. */
    microGate: gateSetting.default({}),
    timing: z
      .strictObject({
        holdMs: holdMs.default(2400),
        warmupMs: warmupMs.default(800),
        slices: slices.default(4),
        sliceMs: sliceMs.default(400),
        settleMs: settleMs.default(40),
      })
      .prefault({}),
  })
  .refine(({ delta, margin }) => margin >= delta, {
    path: ['margin'],
    message: 'a margin of at least delta: what raises an alarm cannot be no change',
  })
  .transform(({ delta, margin, looks, ...rest }) => ({ ...rest, rule: { delta, margin, analyses: looks } }));
