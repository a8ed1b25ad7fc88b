/**
 * The test command: runs every test file under test/ (or those named) with node's own runner, which counts skips and
 * says why. `--all` tries also what is a sample otherwise (test/scope.ts).
 *
 * Files that only compute share one process, since starting one costs more than most of them, and what they say is
 * shown when they are done. The others run beside them with a process each, the longest first, so that none of them is
 * left alone at the end. What measures the machine itself runs after all, with nobody beside it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, matchesGlob } from 'node:path';
import { text } from 'node:stream/consumers';
import { run as runEach } from 'node:test';
import { spec } from 'node:test/reporters';

const ALONE = 'test/doctor/measured.test.ts';

/** They start no process, listen on no port, and leave no state behind. */
const COMPUTING: readonly string[] = [
  'test/*.test.ts',
  'test/{analysis,catalogue,plan,scenario,tables}/**',
  'test/cli/{documentation,lab-text,settings,verdict-text}.test.ts',
  'test/doctor/machine.test.ts',
  'test/duet/!(builds|end-to-end|launch|micro).test.ts',
  'test/lab/stevens.test.ts',
  'test/load/{accounts,time}/**',
  'test/load/{capacity,connection/frame-cutter}.test.ts',
  'test/observe/{estimators,proc-fs}.test.ts',
  'test/observe/parse/**',
  'test/reports/!(browser).test.ts',
  'test/results/!(lock).test.ts',
  'test/run/!(*-truth).test.ts',
  'test/scenarios/{catalogue,chat-ledger}.test.ts',
  'test/servers/catalogue.test.ts',
  'test/servers/models/{admission,connection-table,store-keeper,tally}.test.ts',
  'test/servers/{services,wire}/**',
  'test/servers/systems/signed-total.test.ts',
];

/** Those that take more than a few seconds, the longest first. */
const LONG: readonly string[] = [
  'test/servers/conformance.test.ts',
  'test/cli/bench.test.ts',
  'test/duet/end-to-end.test.ts',
  'test/duet/micro.test.ts',
  'test/reports/browser.test.ts',
  'test/lab/truth.test.ts',
  'test/run/memory-truth.test.ts',
  'test/run/warm-truth.test.ts',
  'test/scenarios/systems.test.ts',
  'test/observe/sampler/sampler-truth.test.ts',
  'test/cli/compare.test.ts',
];

/** A test that hangs names what it waits for long before the runner ends it. */
const TIMEOUT_MS = 300_000;

const { TEST_SCOPE = '', NODE_COMPILE_CACHE, UPDATE_GOLDEN } = process.env;
const words = process.argv.slice(2);
const named = words.filter((word) => word !== '--all');
const golden = UPDATE_GOLDEN ? ['--test-update-snapshots'] : [];
const env = {
  ...process.env,
  TEST_SCOPE: words.includes('--all') ? 'all' : TEST_SCOPE,
  NODE_COMPILE_CACHE: NODE_COMPILE_CACHE ?? join(import.meta.dirname, '../.cache/node-compile'),
};

/** Runs files in one process, whose words are shown when it and the others are done. @returns whether all is well */
async function runTogether(files: readonly string[], others?: Promise<unknown>): Promise<boolean> {
  if (files.length === 0) return true;
  const args = ['--test', '--test-isolation=none', `--test-timeout=${TIMEOUT_MS}`, ...golden, ...files];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  const said = text(child.stdout);
  const [code] = (await once(child, 'exit')) as [number | null];
  await others;
  process.stdout.write(await said);
  return code === 0;
}

/** Runs files with a process each, in this order. @returns whether all is well */
async function runApart(files: readonly string[], concurrency: number): Promise<boolean> {
  if (files.length === 0) return true;
  const tests = runEach({ files: [...files], concurrency, timeout: TIMEOUT_MS, env, execArgv: golden });
  let ok = true;
  tests.on('test:summary', ({ success }) => (ok &&= success));
  for await (const words of tests.compose(spec)) process.stdout.write(words);
  return ok;
}

const files = named.length > 0 ? named : globSync('test/**/*.test.ts').toSorted();
const isComputing = (file: string): boolean => COMPUTING.some((pattern) => matchesGlob(file, pattern));
const computing = files.filter(isComputing);
const others = files.filter((file) => !isComputing(file) && file !== ALONE);
const inOrder = [
  ...LONG.filter((file) => others.includes(file)),
  ...others.filter((file) => !LONG.includes(file)),
];

const apart = runApart(inOrder, availableParallelism() + 1);
const ok = [await runTogether(computing, apart), await apart];
ok.push(await runTogether(files.filter((file) => file === ALONE)));
process.exitCode = ok.every(Boolean) ? 0 : 1;
