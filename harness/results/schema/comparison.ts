/** What a duet's comparison.json must look like to be read. Loaded lazily, for zod takes a while to load. */
import * as z from 'zod';
import { metricDefinition } from './metric.ts';

const count = z.number().int().nonnegative();
const verdict = z.enum(['regression', 'improvement', 'no-change', 'inconclusive', 'invalid']);
const interval = z.object({ low: z.number(), high: z.number(), level: z.number() });
const arm = z.object({ label: z.string(), toolVersion: z.string(), startedAt: z.string() });
const rate = z.object({ count, of: count, rate: z.number(), interval });
const look = z.object({ launches: count, alpha: z.number(), number: count, of: count });

const estimate = z.object({
  n: count,
  median: z.number(),
  min: z.number(),
  max: z.number(),
  interval: interval.nullable(),
  outliers: count,
});

const evidence = z.object({
  effect: z.number(),
  interval: interval.nullable(),
  upperBound: z.number().nullable(),
  p: z.number(),
  pAdjusted: z.number(),
  smallestDetectable: z.number().nullable(),
});

const effect = z.object({
  kind: z.literal('judged'),
  server: z.string(),
  scenario: z.string(),
  clients: count,
  metric: z.string(),
  reason: z.string(),
  base: estimate.nullable(),
  head: estimate.nullable(),
  size: z
    .object({ scale: z.enum(['ratio', 'difference']), value: z.number(), interval: interval.nullable() })
    .nullable(),
  verdict,
  look,
  evidence: evidence.nullable(),
});

const gate = z.object({
  name: z.string(),
  subject: z.string(),
  metric: z.string(),
  delta: z.number(),
  margin: z.number(),
  verdict: z.object({
    name: z.string(),
    verdict,
    reason: z.string(),
    n: count,
    look: count,
    evidence: evidence.nullable(),
  }),
  d: z.array(z.number()),
  controlD: z.array(z.number()),
  spread: z.number().nullable(),
});

export const duetComparisonSchema = z.object({
  schema: z.literal(1),
  kind: z.literal('duet'),
  base: arm,
  head: arm,
  environmentDifferences: z.array(z.string()),
  forced: z.boolean(),
  remarks: z.array(z.string()),
  metrics: z.array(metricDefinition),
  effects: z.array(effect),
  notCompared: z.array(
    z.object({
      scenario: z.string(),
      server: z.string().optional(),
      clients: count.optional(),
      why: z.string(),
    }),
  ),
  duet: z.object({
    runId: z.string(),
    seed: count,
    planHash: z.string(),
    verdict,
    look,
    gates: z.array(gate),
    launches: z.object({ completed: count, failed: count }),
    tookMs: z.number().nonnegative(),
    aborted: z.boolean(),
    errorRates: z
      .object({
        repetitions: count,
        launches: count,
        falseAlarms: rate,
        power: z.array(z.object({ gate: z.string(), effect: z.number(), found: rate })),
      })
      .nullable(),
  }),
});
