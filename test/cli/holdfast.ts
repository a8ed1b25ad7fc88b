/** Runs the command line as a user would: a process of its own, its two streams and its exit code. */
import { spawn, type ChildProcess } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../harness/main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Finished {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** Resolves when a line on stderr matches; rejects when the program ends before. */
  sees(pattern: RegExp): Promise<void>;
  readonly finished: Promise<Finished>;
}

/** Starts `holdfast …`. */
export function start(...args: readonly string[]): Running {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  let stderr = '';
  const watchers = new Set<() => void>();
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
    for (const watch of watchers) watch();
  });
  const stdout = text(child.stdout);
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      stdout.then((out) => resolve({ exitCode, signal, stdout: out, stderr }), reject);
    });
  });
  return {
    process: child,
    finished,
    sees: (pattern) =>
      new Promise((resolve, reject) => {
        const watch = (): void => {
          if (!pattern.test(stderr)) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
        finished.then(() => reject(new Error(`ended without ${pattern}:\n${stderr}`)), reject);
      }),
  };
}

/** Runs `holdfast …` to its end. */
export function holdfast(...args: readonly string[]): Promise<Finished> {
  return start(...args).finished;
}
