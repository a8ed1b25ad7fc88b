/** Real duets, reduced to a few short launches: that all parts fit together, not what they find. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { assertDocument, assertJournal } from '../results/documented.ts';
import type { DuetComparison } from '../../harness/results/schema/comparison.ts';
import { sha256 } from '../../harness/results/files.ts';
import { inProcess } from '../cli/in-process.ts';
import { EXHAUSTIVE } from '../scope.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const folder = mkdtempSync(join(tmpdir(), 'holdfast-duet-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Four launches are the fewest that can raise an alarm at this alpha: 2⁻⁴ is below it, as is 4⁻² for failures in two rounds. What is looked for is large, so
 * that the control of so few and short launches beside a busy suite cannot show it too.
 */
const rules = join(folder, 'rules.json');
writeFileSync(
  rules,
  JSON.stringify({
    servers: ['ts-loop'],
    clients: 4,
    holdClients: 20,
    delta: 0.8,
    margin: 0.9,
    looks: [{ launches: 4, alpha: 0.07 }],
    gates: { 'cpu-per-exchange': {} },
    timing: { holdMs: 600, warmupMs: 50, slices: 2, sliceMs: 150, settleMs: 20 },
  }),
);

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command; `onErr` sees what it has said on stderr so far. */
async function holdfast(
  words: readonly string[],
  onErr: (text: string, pid: number) => void = () => {},
): Promise<Ended & { readonly pid: number }> {
  const child = spawn(process.execPath, [join(ROOT, 'harness/main.ts'), ...words], {
    cwd: folder,
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid ?? 0;
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
    onErr(err, pid);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err, pid };
}

/** Processes that carry the mark of a duet that this process made. */
function leftBehind(pid: number): string[] {
  return globSync('/proc/[0-9]*/environ').filter((path) => {
    try {
      return readFileSync(path, 'latin1').includes(`HOLDFAST_SERVER=${pid}-`);
    } catch {
      return false;
    }
  });
}

const server = `${process.execPath} ${join(ROOT, 'servers/main.ts')} ts-loop --service echo --port {port}`;

describe('holdfast duet', () => {
  it('finds a server that does several times the work of another, and keeps plan, launches and report', async () => {
    const { code, out, err, pid } = await holdfast([
      'duet',
      '--base-command',
      server,
      '--head-command',
      `${server} --set slowdown=200000`,
      '--rules',
      rules,
      '--out',
      'found',
    ]);
    assert.equal(code, 1, err + out);
    assert.match(out, /^Regression: command, CPU per exchange \(warm\) \+/);
    const at = (name: string): string => readFileSync(join(folder, 'found', 'latest', name), 'utf8');
    const { duet, effects } = JSON.parse(at('comparison.json')) as DuetComparison;
    assert.equal(duet.planHash, sha256(at('plan.json')));
    assert.equal(effects[0]?.verdict, 'regression');
    assert.ok(at('launches.jsonl').trim().split('\n').length >= 8, 'four launches and four of the control');
    const path = (name: string): string => join(folder, 'found', 'latest', name);
    assertDocument('duet-plan', path('plan.json'));
    assertDocument('run', path('run.json'));
    assertDocument('environment', path('environment.json'));
    assertDocument('duet-comparison', path('comparison.json'));
    assertJournal('duet-launch', path('launches.jsonl'));
    assert.match(at('report.html'), /Regression/);
    assert.match(at('summary.md'), /\*\*regression\*\*/);
    assert.deepEqual(leftBehind(pid), []);
  });

  it('finds a head that crashes at every third start, whatever the others cost', async (t) => {
    // What it costs is not the point: where there is one in C, that starts at less cost.
    const native = join(ROOT, 'build/native/server');
    const sound = existsSync(native) ? `${native} c-epoll --service echo --port {port}` : server;
    const starts = join(folder, 'starts');
    writeFileSync(starts, '');
    const flaky = join(folder, 'flaky.sh');
    writeFileSync(
      flaky,
      `echo start >> ${starts}\n[ $(($(wc -l < ${starts}) % 3)) = 0 ] && exit 7\nexec ${sound.replace('{port}', '$1')}\n`,
    );
    const { exitCode, stdout, stderr } = await inProcess(
      'duet',
      '--base-command',
      sound,
      '--head-command',
      `sh ${flaky} {port}`,
      '--rules',
      rules,
      '--out',
      join(folder, 'flaky'),
    );
    assert.match(stdout, /The head: The server ended before it listened.*exit code 7/);
    const path = join(folder, 'flaky', 'latest', 'comparison.json');
    assertDocument('duet-comparison', path);
    const { duet } = JSON.parse(readFileSync(path, 'utf8')) as DuetComparison;
    const [failures] = duet.failures;
    assert.ok(failures && failures.head.failed >= 2 && failures.base.attempts > 0, stdout);
    // Where a busy machine spoils launches of the others too, fewer than half a dozen launches cannot tell.
    if (failures.base.failed > 0 || /were connected and served/.test(stderr)) {
      t.diagnostic('the machine was busy: launches of the base or the control failed too');
      assert.ok(['regression', 'inconclusive'].includes(failures.verdict), failures.verdict);
    } else {
      assert.equal(exitCode, 1, stderr + stdout);
      assert.match(
        stdout,
        /^Regression: command, failures: 2 of 6 launches of the head failed, against 0 of 6 of the base/,
      );
      assert.equal(failures.verdict, 'regression');
    }
    assert.deepEqual(leftBehind(process.pid), []);
  });

  it('names the head that does not run, and fails', async () => {
    const { exitCode, stderr } = await inProcess(
      'duet',
      '--base-command',
      server,
      '--head-command',
      `${server} --no-such-option`,
      '--rules',
      rules,
      '--out',
      join(folder, 'broken'),
    );
    assert.equal(exitCode, 1, stderr);
    assert.match(stderr, /The head cannot be measured as command\. The server ended before it listened/);
    assert.deepEqual(leftBehind(process.pid), []);
  });

  it('stops at SIGINT: partial results are kept, servers and worktrees are gone', async () => {
    // Revisions have to be built first; those of a small repository are, and stopped while they are, in the tests of builds.
    const ofRevisions = EXHAUSTIVE && existsSync(join(ROOT, '.git'));
    const arms = ofRevisions
      ? ['--base', 'HEAD', '--head', 'HEAD']
      : ['--base-command', server, '--head-command', server];
    let told = false;
    const { code, pid } = await holdfast(
      ['duet', ...arms, '--rules', rules, '--out', 'stopped'],
      (err, running) => {
        if (told || !err.includes('side by side')) return;
        told = true;
        process.kill(running, 'SIGINT');
      },
    );
    assert.equal(code, 130);
    const { duet } = JSON.parse(
      readFileSync(join(folder, 'stopped', 'latest', 'comparison.json'), 'utf8'),
    ) as DuetComparison;
    assert.equal(duet.aborted, true);
    assert.equal(duet.verdict, 'invalid');
    assert.deepEqual(leftBehind(pid), []);
    if (ofRevisions)
      assert.ok(!execFileSync('git', ['-C', ROOT, 'worktree', 'list']).toString().includes(folder));
    assert.deepEqual(globSync(join(folder, 'holdfast-duet-*')), []);
  });

  for (const [what, words, says] of [
    ['nothing to compare against', [], /--base origin\/main, or two commands/],
    [
      'one command only',
      ['--base-command', 'x {port}'],
      /give both --base-command and --head-command, and no --base/,
    ],
    ['a length of its own', ['--base', 'HEAD', '--set', 'duration=5s'], /fixed by the timing/],
    ['an unknown server', ['--base', 'HEAD', '--servers', 'ts-lop'], /did you mean "ts-loop"/],
  ] as const) {
    it(`says what is missing where it is given ${what}`, async () => {
      const { exitCode, stderr } = await inProcess('duet', ...words, '--rules', rules, '--out', 'refused');
      assert.equal(exitCode, 2);
      assert.match(stderr, says);
    });
  }
});
