/**
 * The test command: runs every test file under test/ (or those named) with node's own runner and makes skips loud.
 *
 * Files that measure or start many processes run one at a time; the rest in parallel.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const named = process.argv.slice(2);
const files = named.length > 0 ? named : globSync('test/**/*.test.ts').toSorted();

const run = spawn(
  process.execPath,
  [
    '--test',
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    '--test-timeout=120000',
    ...(process.env['UPDATE_GOLDEN'] ? ['--test-update-snapshots'] : []),
    ...files,
  ],
  { stdio: 'inherit' },
);
run.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});
