/** `holdfast.duet.json`: what is compared and how it is decided, kept in the repository so that it cannot be bent to a result. */
import { readFileSync } from 'node:fs';
import type * as Zod from 'zod';
import { UsageError, messageOf } from '../../errors.ts';
import type { DuetRule } from '../../analysis/statistics/duet/duet-rule.ts';
import type { Timing } from './plan.ts';

/** What one gate has of its own; the rule's figures where it has none. */
export interface GateSetting {
  readonly delta?: number;
  readonly margin?: number;
}

export interface DuetConfig {
  readonly servers: readonly string[];
  readonly scenario: string;
  /** Parameters of the scenario, `name=value`. */
  readonly set: readonly string[];
  readonly clients: number;
  /** Connections that are held while memory is taken. */
  readonly holdClients: number;
  /** Whether the micro-benchmarks are gates too. */
  readonly micro: boolean;
  readonly rule: DuetRule;
  readonly timing: Timing;
  /** By metric id, in the order in which they are shown. */
  readonly gates: Readonly<Record<string, GateSetting>>;
  /** Of every micro-benchmark. */
  readonly microGate: GateSetting;
}

/** @throws UsageError that names the file and the place in it */
export async function readDuetConfig(path: string): Promise<DuetConfig> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(
      `Cannot read the configuration ${path}: ${messageOf(error)}. Name another with --rules, or restore it (docs/duet.md).`,
      { cause: error },
    );
  }
  return await parseDuetConfig(text, path);
}

/** @throws UsageError that names the file and the place in it */
export async function parseDuetConfig(text: string, path: string): Promise<DuetConfig> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`The configuration ${path} is not valid JSON: ${messageOf(error)} (docs/duet.md).`, {
      cause: error,
    });
  }
  const outcome = configSchema(await import('zod')).safeParse(value);
  if (!outcome.success) {
    const [issue] = outcome.error.issues;
    const place = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
    throw new UsageError(
      `The configuration ${path}${place}: ${issue?.message ?? 'not as expected'} (docs/duet.md).`,
    );
  }
  const { delta, margin, looks, gates, microGate, ...rest } = outcome.data;
  return {
    ...rest,
    rule: { delta, margin, analyses: looks },
    gates: Object.fromEntries(Object.entries(gates).map(([id, gate]) => [id, present(gate)])),
    microGate: present(microGate),
  };
}

function configSchema(z: typeof Zod) {
  const share = z
    .number()
    .gt(0, 'a share above 0, such as 0.03 for 3 %')
    .lt(1, 'a share below 1, such as 0.03 for 3 %');
  const duration = z.number().int().min(1).max(60_000);
  const gate = z.strictObject({ delta: share.optional(), margin: share.optional() });
  return z
    .strictObject({
      servers: z.array(z.string().min(1)).default([]),
      scenario: z.string().min(1).default('echo'),
      set: z.array(z.string()).default([]),
      clients: z.number().int().min(1).max(10_000).default(50),
      holdClients: z.number().int().min(1).max(15_000).default(2000),
      micro: z.boolean().default(false),
      delta: share,
      margin: share,
      looks: z
        .array(z.strictObject({ launches: z.number().int().min(4).max(400), alpha: share }))
        .min(1, 'at least one interim analysis')
        .refine((looks) => looks.every(({ launches }, i) => i === 0 || launches > looks[i - 1]!.launches), {
          message: 'the interim analyses stand in ascending order of launches',
        })
        .refine((looks) => looks.reduce((sum, { alpha }) => sum + alpha, 0) <= 0.2, {
          message:
            'the alphas of all interim analyses add up to the probability of a false alarm: 0.2 at most',
        }),
      gates: z.record(z.string(), gate),
      microGate: gate.default({}),
      timing: z
        .strictObject({
          holdMs: duration.default(2400),
          warmupMs: duration.default(800),
          slices: z.number().int().min(2).max(64).multipleOf(2, 'an even number of slices').default(4),
          sliceMs: duration.default(400),
          settleMs: duration.default(40),
        })
        .prefault({}),
    })
    .refine(({ delta, margin }) => margin >= delta, {
      path: ['margin'],
      message: 'the margin is at least delta: what raises an alarm cannot be no change',
    });
}

/** Without keys that are there and undefined. */
function present({
  delta,
  margin,
}: {
  delta?: number | undefined;
  margin?: number | undefined;
}): GateSetting {
  return { ...(delta === undefined ? {} : { delta }), ...(margin === undefined ? {} : { margin }) };
}
