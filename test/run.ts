/**
 * The test command: runs every test file under test/ (or those named) with node's own runner, which counts skips and
 * says why. `--all` tries also what is a sample otherwise (test/scope.ts).
 *
 * Files that only compute share one process, since starting one costs more than most of them, and what they say is
 * shown when they are done. The others run beside them, with a process each and as many at once as there are cores.
 * What measures the machine itself runs after all, with nobody beside it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, matchesGlob } from 'node:path';
import { text } from 'node:stream/consumers';

const ALONE = 'test/doctor/measured.test.ts';

/** They start no process, listen on no port, and leave no state behind. */
const COMPUTING: readonly string[] = [
  'test/*.test.ts',
  'test/{analysis,catalogue,lab,plan,results,scenario,tables}/**',
  'test/duet/!(builds|end-to-end|launch).test.ts',
  'test/load/{accounts,time}/**',
  'test/observe/parse/**',
  'test/servers/wire/**',
];

const { TEST_SCOPE = '', NODE_COMPILE_CACHE, UPDATE_GOLDEN } = process.env;
const words = process.argv.slice(2);
const named = words.filter((word) => word !== '--all');
const env = {
  ...process.env,
  TEST_SCOPE: words.includes('--all') ? 'all' : TEST_SCOPE,
  NODE_COMPILE_CACHE: NODE_COMPILE_CACHE ?? join(import.meta.dirname, '../.cache/node-compile'),
};

/** Resolves to the exit code. A test that hangs names what it waits for long before the runner ends it. */
async function run(files: readonly string[], options: readonly string[], shown?: Promise<unknown>) {
  if (files.length === 0) return 0;
  const golden = UPDATE_GOLDEN ? ['--test-update-snapshots'] : [];
  const args = ['--test', '--test-timeout=300000', ...golden, ...options, ...files];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', shown ? 'pipe' : 'inherit', 'inherit'],
    env,
  });
  const said = child.stdout ? text(child.stdout) : '';
  const [code] = (await once(child, 'exit')) as [number | null];
  await shown;
  process.stdout.write(await said);
  return code ?? 1;
}

const files = named.length > 0 ? named : globSync('test/**/*.test.ts').toSorted();
const isComputing = (file: string): boolean => COMPUTING.some((pattern) => matchesGlob(file, pattern));
const [computing, others] = [files.filter(isComputing), files.filter((file) => !isComputing(file))];

const besides = run(
  others.filter((file) => file !== ALONE),
  [`--test-concurrency=${Math.max(2, availableParallelism())}`],
);
const codes = [await run(computing, ['--test-isolation=none'], besides), await besides];
codes.push(
  await run(
    others.filter((file) => file === ALONE),
    ['--test-concurrency=1'],
  ),
);
process.exitCode = Math.max(...codes);
