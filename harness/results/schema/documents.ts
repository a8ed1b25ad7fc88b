/** Every document of Holdfast by its name, for `holdfast schema` and for the tests that check each file against its schema. */
import * as z from 'zod';
import { comparisonSchema, duetComparisonSchema } from './comparison.ts';
import { costsSchema } from './costs.ts';
import { duetConfigSchema } from './duet-config.ts';
import { launchRecordSchema, duetPlanSchema } from './duet-plan.ts';
import { environmentSchema, runManifestSchema } from './run.ts';
import { planSchema } from './plan.ts';
import { serverManifestSchema } from './server-manifest.ts';
import { summarySchema } from './summary.ts';
import { trialResultSchema } from './trial.ts';
import { checkLineSchema } from './verdict-check.ts';

export interface Document {
  /** Which file it is, or which line of a file. */
  readonly where: string;
  readonly what: string;
  readonly schema: z.ZodType;
}

export const DOCUMENTS: Readonly<Record<string, Document>> = {
  plan: { where: 'plan.json', what: 'everything that a run measures, in order', schema: planSchema },
  trial: { where: 'a line of trials.jsonl', what: 'what happened in one trial', schema: trialResultSchema },
  run: { where: 'run.json', what: 'what a run or a duet records of itself', schema: runManifestSchema },
  environment: {
    where: 'environment.json',
    what: 'identity and state of the machine',
    schema: environmentSchema,
  },
  costs: {
    where: 'costs.json in the results folder',
    what: 'what trials took on this machine, for estimates of time',
    schema: costsSchema,
  },
  summary: {
    where: 'summary.json',
    what: 'cells, estimates, verdict, warnings and scaling of a run',
    schema: summarySchema,
  },
  comparison: {
    where: 'stdout of compare --format json',
    what: 'two runs, metric by metric',
    schema: comparisonSchema,
  },
  manifest: { where: '--manifest FILE', what: 'servers of your own', schema: serverManifestSchema },
  'duet-config': {
    where: 'holdfast.duet.json',
    what: 'what a duet compares and how it is decided',
    schema: duetConfigSchema,
  },
  'duet-plan': {
    where: 'plan.json of a duet',
    what: 'two builds, what is measured of them, and every launch',
    schema: duetPlanSchema,
  },
  'duet-launch': {
    where: 'a line of launches.jsonl',
    what: 'what one launch of a duet measured',
    schema: launchRecordSchema,
  },
  'duet-comparison': {
    where: 'comparison.json of a duet',
    what: 'every gate with its effect and its verdict',
    schema: duetComparisonSchema,
  },
  'verdict-check': {
    where: 'a line of duets.jsonl of lab verdict',
    what: 'what a check of the verdict has found so far',
    schema: checkLineSchema,
  },
};

/** A document as JSON Schema (draft 2020-12), as somebody writes it: what has a default may be left out. */
export function jsonSchemaOf({ where, what, schema }: Document): object {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' });
  return { $schema, title: where, description: what, ...rest };
}
