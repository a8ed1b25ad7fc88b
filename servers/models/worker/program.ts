/**
 * The program of a worker: its service and all modules that both need, in one file. Loading the modules separately
 * takes a quarter of a worker's start, which ts-thread and ts-fork pay per connection.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, unfitError } from '../../errors.ts';
import { openFolder } from '../../folder.ts';

const KEPT = fileURLToPath(new URL('../../../.cache/workers/', import.meta.url));
const BUNDLE_WORKER = fileURLToPath(new URL('bundle.ts', import.meta.url));

/** First line of a program: the source files and their state when it was made. */
const MADE_OF = '// made of ';

/** Time of the last change in ms and size in bytes, by path. */
export type MadeOf = Readonly<Record<string, readonly [number, number]>>;

/**
 * The program of a service, rebuilt when a source has changed.
 *
 * @param module URL of the service's module
 * @returns its path, which depends only on the sources
 * @throws {ServerError} when it cannot be built
 */
export function workerProgram(module: string): string {
  const source = fileURLToPath(module);
  const path = join(placeToKeep(), `${basename(source, '.ts')}.cjs`);
  if (isCurrent(path)) return path;
  try {
    // In a separate process: the cost of building is not the server's.
    execFileSync(process.execPath, [BUNDLE_WORKER, source, path], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    throw unfitError(`the workers' program for ${source} cannot be made: ${messageOf(error)}`, error);
  }
  return path;
}

/** The first line of a program built from these files. */
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

/** Beside the sources, for later servers too; if not writable, a place for this server only. */
function placeToKeep(): string {
  try {
    mkdirSync(KEPT, { recursive: true });
    accessSync(KEPT, constants.W_OK);
    return KEPT;
  } catch {
    return openFolder();
  }
}
