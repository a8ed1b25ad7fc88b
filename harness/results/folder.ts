/** The folder of a run: `results/<run-id>/…`, and `results/latest` that points to the newest. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { writeError } from './files.ts';

/** Paths of what a run holds. */
export type RunFolder = Readonly<ReturnType<typeof runFolder>>;

/** The paths of a run's folder; touches nothing. */
export function runFolder(path: string) {
  const at = (name: string): string => join(path, name);
  return {
    path,
    manifest: at('run.json'),
    plan: at('plan.json'),
    environment: at('environment.json'),
    trials: at('trials.jsonl'),
    summary: at('summary.json'),
    charts: at('charts'),
    logs: at('logs'),
    /** Files that clients kept. */
    files: at('files'),
    /** Of a duet, instead of trials and summary. */
    launches: at('launches.jsonl'),
    comparison: at('comparison.json'),
  };
}

/** A run id that sorts by time and does not collide: `2026-11-21T040506-a1b2c3`. */
function newRunId(): string {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '');
  return `${stamp}-${randomBytes(3).toString('hex')}`;
}

/** Creates the folder of a new run. @throws UnfitError that names the path */
export function createRunFolder(resultsPath: string): RunFolder {
  const folder = runFolder(join(resolve(resultsPath), newRunId()));
  try {
    makeFolder(folder.path);
    mkdirSync(folder.logs);
  } catch (error) {
    throw writeError(folder.path, error);
  }
  return folder;
}

/** Like `mkdir -p`. Node's own recursive form never returns below /proc, where folders vanish as they are made. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  mkdirSync(path);
}

/** Finds an existing run by path or by id below the results folder (`latest` included). @throws UsageError */
export function findRunFolder(run: string, resultsPath: string): RunFolder {
  for (const path of [resolve(run), join(resolve(resultsPath), run)]) {
    const folder = runFolder(path);
    if (isFile(folder.plan)) return folder;
  }
  throw new UsageError(
    `There is no run at ${run}: no plan.json was found in ${resolve(run)} or ${join(resolve(resultsPath), run)}. ` +
      'Name the folder of a run, such as results/latest.',
  );
}

/** Points `latest` beside the run's folder to it, in one step. */
export function pointLatest(folder: RunFolder): void {
  const link = join(dirname(folder.path), 'latest');
  const temporary = `${link}.${process.pid}`;
  try {
    rmSync(temporary, { force: true });
    symlinkSync(basename(folder.path), temporary);
    renameSync(temporary, link);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw writeError(link, error);
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
