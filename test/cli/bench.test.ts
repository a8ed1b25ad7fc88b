import assert from 'node:assert/strict';
import {
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { findRunFolder, type RunFolder } from '../../harness/results/folder.ts';
import { readRun, socketsOf } from '../../harness/results/run.ts';
import { assertDocument, assertJournal } from '../results/documented.ts';
import { markedProcesses } from './marked.ts';
import { start } from './holdfast.ts';
import { inProcess } from './in-process.ts';
import { eventually } from '../waiting.ts';

const out = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
after(() => rmSync(out, { recursive: true, force: true }));
let folders = 0;

interface SmallRun {
  readonly args: string[];
  readonly latest: () => RunFolder;
  /** Resolves when the run, which is under way, has finished a trial. */
  readonly hasTrial: () => Promise<unknown>;
}

/** Arguments of a small, quick run in a results folder of its own. */
function small(...args: string[]): SmallRun {
  const results = join(out, String(folders++));
  return {
    args: ['bench', '--out', results, ...args],
    latest: () => findRunFolder('latest', results),
    hasTrial: () =>
      eventually('a trial to be finished', () =>
        globSync(join(results, '*/trials.jsonl')).some((journal) => statSync(journal).size > 0),
      ),
  };
}

// Nobody gives up, however slow the machine is.
const whole = small(
  ...['--clients', '1,4', '--trials', '1', '--servers', 'ts-loop,ts-iterative'],
  ...['--set', 'think=5ms', '--set', 'patience=60s'],
);

describe('holdfast bench', () => {
  it('measures real servers and leaves a folder with everything in it', async () => {
    const { exitCode, stdout, stderr } = await inProcess(...whole.args);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /4 \(4 cells × 1\)/);
    assert.match(stderr, /4\/4 .*: elapsed .* over 1 of 1 trial/);
    assert.match(stdout, /ts-loop/);
    assert.match(stdout, /report: .*report\.html/);
    const folder = whole.latest();
    assert.deepEqual(readdirSync(folder.path).toSorted(), [
      'charts',
      'environment.json',
      'files',
      'logs',
      'plan.json',
      'report.html',
      'run.json',
      'summary.csv',
      'summary.json',
      'summary.md',
      'trials.jsonl',
    ]);
    for (const [name, path] of [
      ['plan', folder.plan],
      ['run', folder.manifest],
      ['environment', folder.environment],
      ['summary', folder.summary],
    ] as const)
      assertDocument(name, path);
    assertJournal('trial', folder.trials);
    const { manifest, trials } = await readRun(folder);
    assert.equal(manifest.status, 'complete');
    assert.equal(trials.length, 4);
    for (const trial of trials) {
      assert.equal(trial.status, 'completed');
      const { clients, exchanges, connects } = trial.load;
      assert.deepEqual(clients, {
        asked: trial.trial.clients,
        completed: trial.trial.clients,
        lost: 0,
        failed: 0,
        stopped: 0,
      });
      const errors = Object.values(exchanges.errors).reduce((sum, n) => sum + n, 0);
      assert.equal(exchanges.attempted, exchanges.completed + errors + exchanges.inFlight);
      assert.equal(connects.completed, trial.trial.clients);
      assert.ok(trial.resources.cpuNs > 0);
      assert.ok(trial.resources.peakRssBytes > 0);
      const { warmUp, connections } = trial.warm ?? {
        warmUp: { sessions: connects.completed },
        connections: 0,
      };
      assert.equal(trial.serverStatistics?.['served'], warmUp.sessions + connections);
    }
  });

  it('refuses to resume a run that is complete, and one whose plan was changed', async () => {
    const resume = [...whole.args, '--resume', realpathSync(whole.latest().path)];
    const complete = await inProcess(...resume);
    assert.equal(complete.exitCode, 2);
    assert.match(complete.stderr, /is complete/);
    const { plan } = whole.latest();
    writeFileSync(plan, readFileSync(plan, 'utf8').replace('"trialsPerCell": 1', '"trialsPerCell": 2'));
    const changed = await inProcess(...resume);
    assert.equal(changed.exitCode, 3);
    assert.match(changed.stderr, /is not the plan of this run/);
  });

  it('makes the same plan for the same seed, byte for byte, and starts nothing in a dry run', async () => {
    const run = small('--clients', '1..20', '--seed', '7', '--dry-run', '--format', 'json');
    const [first, second] = [await inProcess(...run.args), await inProcess(...run.args)];
    assert.equal(first.exitCode, 0, first.stderr);
    assert.equal(first.stdout, second.stdout);
    assert.equal(JSON.parse(first.stdout).trials.length, 6 * 5 * 3);
    assert.match(first.stderr, /time +about/);
    assert.throws(() => run.latest(), /There is no run/);
  });

  it("measures anybody's server beside ours by a scenario of the user's own, and shows one that ends instead as failed, with the reason and exit code 1", async () => {
    const server = join(out, 'upper.cjs');
    writeFileSync(
      server,
      `require('node:net').createServer((s) => { s.on('error', () => {}); s.pipe(s); }).listen(Number(process.argv[2]), '127.0.0.1');`,
    );
    const scenario = join(out, 'mine.ts');
    const root = new URL('../../', import.meta.url).pathname;
    writeFileSync(
      scenario,
      `import { defineScenario } from '${root}harness/scenario/scenario.ts';
       export default defineScenario({
         id: 'mine', title: 'Mine', question: 'Does it run?', service: 'echo', parameters: {}, metrics: [],
         serviceSettings: () => ({ raw: 'true' }),
         headline: 'elapsed', idealMs: () => 0, deadlineMs: () => 5000,
         async client(client) {
           const connection = await client.connect({ framing: 'raw' });
           await connection.exchanges({ request: Buffer.alloc(8, 'x'), untilMs: 200, thinkMs: () => 10 });
           await connection.close();
         },
       });`,
    );
    const run = small(
      ...['--scenario', scenario, '--clients', '3', '--servers', 'ts-loop', '--trials', '1'],
      ...['--command', `mine=${process.execPath} ${server} {port}`, '--command', 'broken=false {port}'],
    );
    const { exitCode, stdout, stderr } = await inProcess(...run.args);
    assert.equal(exitCode, 1, stderr);
    assert.match(stdout, /Mine, 3 clients/);
    assert.match(stderr, /failed: broken .*exit code/);
    const { trials } = await readRun(run.latest());
    const statusOf = (name: string) => trials.find(({ trial }) => trial.server === name)?.status;
    assert.deepEqual(['ts-loop', 'mine', 'broken'].map(statusOf), ['completed', 'completed', 'failed']);
  });

  it('keeps what is finished on SIGINT, still writes the report, and goes on with --resume', async () => {
    const run = small('--clients', '1,2', '--trials', '2', '--servers', 'ts-loop');
    const first = start(...run.args);
    await run.hasTrial();
    first.process.kill('SIGINT');
    const stopped = await first.finished;
    assert.equal(stopped.exitCode, 130, stopped.stderr);
    assert.match(stopped.stderr, /^Finished trials are kept; go on with --resume /m);
    const folder = run.latest();
    const before = await readRun(folder);
    assert.equal(before.manifest.status, 'aborted');
    assert.ok(before.trials.length > 0 && before.trials.length < 4);
    assert.ok(existsSync(join(folder.path, 'report.html')));

    if (socketsOf(before) === 'native') {
      process.env['GENERATOR_SOCKETS'] = 'node';
      const other = await inProcess(...run.args, '--resume', folder.path);
      delete process.env['GENERATOR_SOCKETS'];
      assert.equal(other.exitCode, 3, other.stderr);
      assert.match(other.stderr, /used native sockets and would use node ones now/);
    }

    const resumed = await inProcess(...run.args, '--resume', folder.path);
    assert.equal(resumed.exitCode, 0, resumed.stderr);
    const all = await readRun(folder);
    assert.equal(all.manifest.status, 'complete');
    assert.deepEqual(all.trials.slice(0, before.trials.length), before.trials);
    assert.deepEqual(
      all.trials.map(({ trial }) => trial.index),
      [0, 1, 2, 3],
    );
  });

  it('leaves no process behind when it is killed with SIGKILL, and loses no finished trial', async () => {
    const run = small(
      ...['--clients', '1,2', '--trials', '5', '--servers', 'ts-prefork-accept', '--workers', '2'],
    );
    const running = start(...run.args);
    await run.hasTrial();
    running.process.kill('SIGKILL');
    await running.finished;
    const mark = `${running.process.pid}-`;
    await eventually('everything that it started to end', () => markedProcesses(mark).length === 0);
    const folder = run.latest();
    const lines = readFileSync(folder.trials, 'utf8').split('\n').filter(Boolean);
    assert.ok((await readRun(folder)).trials.length >= lines.length - 1);
  });
});
