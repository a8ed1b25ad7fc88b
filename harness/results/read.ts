/** Reading a run back: every file checked against its schema, every error with its place. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ZodType } from 'zod';
import { UnfitError, UsageError, messageOf } from '../errors.ts';
import type { Environment } from '../observe/machine/environment.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunFolder } from './folder.ts';
import type { Run, RunManifest } from './run.ts';
import type { TrialResult } from './trial-result.ts';

/** SHA-256 of a text, in hexadecimal. */
export function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Reads a run from its folder.
 *
 * A torn last line of the journal (the harness was killed as it wrote) is left out; anything else that cannot be
 * understood is an error, never silently skipped.
 *
 * @throws UnfitError that names the file and the place in it
 */
export async function readRun(folder: RunFolder): Promise<Run> {
  const schema = await import('./schema.ts');
  const planText = readText(folder.plan);
  const plan = checked<Plan>(schema.planSchema, parseJson(folder.plan, planText), folder.plan);
  const manifest = readChecked<RunManifest>(folder.manifest, schema.manifestSchema);
  if (manifest.planHash !== sha256(planText)) {
    throw new UnfitError(
      `${folder.plan} is not the plan that this run was made by (its hash differs from the one in run.json). ` +
        'Restore the file, or start a new run.',
    );
  }
  const environment = readChecked<Environment>(folder.environment, schema.environmentSchema);
  const trials = readJournal(folder.trials, schema.trialResultSchema);
  return { manifest, plan, environment, trials };
}

/** A JSON file that has the shape of its schema. @throws UnfitError, UsageError that name the file */
export function readChecked<T>(path: string, schema: ZodType): T {
  return checked<T>(schema, parseJson(path, readText(path)), path);
}

/** The finished trials of a journal, in the order they ran. A journal that is not there holds none. */
function readJournal(path: string, schema: ZodType): TrialResult[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UnfitError(`Cannot read ${path}: ${messageOf(error)}.`, { cause: error });
  }
  const lines = text.split('\n');
  const results: TrialResult[] = [];
  for (const [i, line] of lines.entries()) {
    if (line === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      // Only what follows the last line end can be torn: a line end is written with its line.
      if (i === lines.length - 1) break;
      throw new UnfitError(`${path}, line ${i + 1}: not valid JSON. The file was changed or damaged.`, { cause: error });
    }
    results.push(checked<TrialResult>(schema, value, `${path}, line ${i + 1}`));
  }
  return results;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') {
      throw new UsageError(`${path} is not there: this is not the folder of a run, or the run never began.`, {
        cause: error,
      });
    }
    throw new UnfitError(`Cannot read ${path}: ${messageOf(error)}.`, { cause: error });
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnfitError(`${path} is not valid JSON (${messageOf(error)}). The file was changed or damaged.`, {
      cause: error,
    });
  }
}

/** The schema has proven the shape; the type says it. */
function checked<T>(schema: ZodType, value: unknown, place: string): T {
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data as T;
  const issue = outcome.error.issues[0];
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  throw new UnfitError(`${place}${where}: ${issue?.message ?? 'not as expected'}. The file was changed or damaged.`);
}
