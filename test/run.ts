/**
 * The test command: runs every test file under test/ (or those named) with node's own runner, which counts skips and
 * says why. Files run side by side; what measures the machine itself runs after them, with nobody beside it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const ALONE: readonly string[] = ['test/doctor/measured.test.ts'];

const named = process.argv.slice(2);
const files = named.length > 0 ? named : globSync('test/**/*.test.ts').toSorted();
const sideBySide = files.filter((file) => !ALONE.includes(file));
const alone = files.filter((file) => ALONE.includes(file));

/** Resolves to the exit code. */
async function run(group: readonly string[], concurrency: number): Promise<number> {
  if (group.length === 0) return 0;
  const child = spawn(
    process.execPath,
    [
      '--test',
      `--test-concurrency=${concurrency}`,
      '--test-timeout=120000',
      ...(process.env['UPDATE_GOLDEN'] ? ['--test-update-snapshots'] : []),
      ...group,
    ],
    { stdio: 'inherit' },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

const codes = [await run(sideBySide, Math.max(2, availableParallelism())), await run(alone, 1)];
process.exitCode = Math.max(...codes);
