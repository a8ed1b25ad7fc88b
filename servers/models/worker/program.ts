/**
 * The program of a worker: its service, and the modules that both need, in one file. A runtime that loads them one by one
 * spends a quarter of a worker's start on that, which ts-thread and ts-fork pay for every connection.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, unfitError } from '../../errors.ts';
import { openFolder } from '../../folder.ts';

const KEPT = fileURLToPath(new URL('../../../.cache/workers/', import.meta.url));
const BUNDLE_WORKER = fileURLToPath(new URL('bundle.ts', import.meta.url));

/** First line of a program: the files that it was made of, as they were then. */
const MADE_OF = '// made of ';

/** Time of the last change in ms, and size in bytes, by path. */
export type MadeOf = Readonly<Record<string, readonly [number, number]>>;

/**
 * The program for a service, made anew where one of its sources has changed.
 *
 * @param module URL of the service's module
 * @returns its path, the same as long as the sources are
 * @throws {ServerError} when it cannot be made
 */
export function workerProgram(module: string): string {
  const source = fileURLToPath(module);
  const path = join(placeToKeep(), `${basename(source, '.ts')}.cjs`);
  if (isCurrent(path)) return path;
  try {
    // In a process of its own: what it takes to make a program is no part of the server.
    execFileSync(process.execPath, [BUNDLE_WORKER, source, path], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    throw unfitError(`the workers' program for ${source} cannot be made: ${messageOf(error)}`, error);
  }
  return path;
}

/** The first line of a program that was made of these files. */
export function madeOf(files: readonly string[]): string {
  const stamps = files.map((file) => [file, stampOf(file)] as const);
  return MADE_OF + JSON.stringify(Object.fromEntries(stamps));
}

function isCurrent(path: string): boolean {
  try {
    const [line = ''] = readFileSync(path, 'utf8').split('\n', 1);
    if (!line.startsWith(MADE_OF)) return false;
    const files = Object.entries(JSON.parse(line.slice(MADE_OF.length)) as MadeOf);
    return files.every(([file, [changed, size]]) => {
      const now = stampOf(file);
      return now[0] === changed && now[1] === size;
    });
  } catch {
    return false;
  }
}

function stampOf(file: string): readonly [number, number] {
  const { mtimeMs, size } = statSync(file);
  return [mtimeMs, size];
}

/** Beside the sources, for all servers to come; where that cannot be written, for this one. */
function placeToKeep(): string {
  try {
    mkdirSync(KEPT, { recursive: true });
    accessSync(KEPT, constants.W_OK);
    return KEPT;
  } catch {
    return openFolder();
  }
}
