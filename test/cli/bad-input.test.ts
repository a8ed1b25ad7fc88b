import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { holdfast } from './holdfast.ts';
import { inProcess } from './in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-bad-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'file');
writeFileSync(file, 'no JSON');
const manifest = join(folder, 'manifest.json');
writeFileSync(manifest, '{"servers":[{"name":"mine","command":"serve --fast"}]}');

const bench = (...args: string[]): string[] => ['bench', '--out', join(folder, 'results'), ...args];

const CASES: readonly (readonly [args: readonly string[], exitCode: number, says: RegExp])[] = [
  [['lab', 'stevens', '--children', '0'], 2, /--children: give a whole number from 1/],
  [['lab', 'stevens', '--herd', '15,many'], 2, /--herd: give a whole number from 1/],
  [['lab', 'models', '--servers', 'ts-lop'], 2, /no server "ts-lop"; did you mean "ts-loop"\?/],
  [bench('--clients', '500..1'), 2, /runs backwards; write 1\.\.500/],
  [bench('--clients', 'abc'), 2, /"abc" is not a client count; write 50/],
  [bench('--clients', '0'), 2, /at least 1 client/],
  [bench('--clients', '1..1000000000'), 2, /at most 100,000 clients/],
  [bench('--servers', 'ts-lop'), 2, /no server "ts-lop"; did you mean "ts-loop"\?/],
  [bench('--servers', ''), 2, /No server to measure/],
  [bench('--scenario', 'sesion'), 2, /no scenario "sesion"; did you mean "session"\?/],
  [bench('--scenario', './nowhere.ts'), 2, /nowhere\.ts: the file does not exist/],
  [bench('--set', 'thnk=3ms'), 2, /did you mean "think"\?/],
  [bench('--set', 'exchanges=many'), 2, /whole number from 1/],
  [bench('--command', 'server --port 80'), 2, /write \{port\}/],
  [bench('--command', "server '{port}"), 2, /not closed/],
  [bench('--command', 'a=x {port}', '--command', 'a=y {port}'), 2, /Two servers are named "a"/],
  [bench('--manifest', file), 2, /The manifest .* is not valid JSON/],
  [bench('--manifest', manifest), 2, /server mine: its command does not contain \{port\}/],
  [bench('--trials', '0'), 2, /--trials: give a whole number from 1/],
  [bench('--seed', '-1'), 2, /--seed: give a whole number from 0/],
  [bench('--stop-timeout', '600h'), 2, /--stop-timeout 600h: give a duration from 1 ms to 24h/],
  [bench('--precision', 'high'), 2, /give a percentage/],
  [bench('--warmup', 'hot'), 2, /give a time, such as 500ms, or a number of sessions/],
  [bench('--warmup', '500ms', '--scenario', 'counter'), 2, /counter.*can be loaded only once/],
  [bench('--resume', 'nothing'), 2, /There is no run at nothing/],
  [bench('--frobnicate'), 2, /no option or argument "frobnicate"/],
  [['report', 'nothing', '--out', folder], 2, /There is no run at nothing/],
  [['duet', '--base', 'HEAD', '--head', '--strict'], 2, /Not enough arguments following: head/],
  [['frobnicate'], 2, /no command "frobnicate"; choose from bench/],
  [['lab', 'truth', 'dely'], 2, /no known truth "dely"; did you mean "delay"\?/],
  [['lab', 'truth', '--slower', '20'], 2, /--slower: give --equal with it/],
  [['lab', 'truth', 'delay', '--equal', '2'], 2, /--equal: it measures runs of its own; leave out delay/],
  [['lab', 'limits', '3', 'conect'], 2, /no row "conect"; did you mean "connect"\?/],
  [
    ['lab', 'frobnicate'],
    2,
    /no command "lab frobnicate"; choose from truth, stevens, models, verdict, order, limits, torture/,
  ],
  [['lab'], 2, /Name a command: holdfast lab truth/],
  [['tob'], 2, /no command "tob"; did you mean "top"/],
  [[], 2, /Name a command/],
  [['serve', 'ts-loop', '--service', 'ecco'], 2, /no service "ecco"/],
  [
    ['bench', '--out', '/proc/nowhere', '--clients', '1', '--servers', 'ts-loop'],
    3,
    /Cannot write \/proc\/nowhere/,
  ],
  [['bench', '--out', join(file, 'x'), '--clients', '1', '--servers', 'ts-loop'], 3, /a file is in the way/],
];

describe('bad input', () => {
  for (const [args, exitCode, says] of CASES) {
    it(`holdfast ${args.join(' ').replaceAll(folder, '')} is one sentence and exit code ${exitCode}`, async () => {
      const outcome = await inProcess(...args);
      assert.match(outcome.stderr, says);
      assert.equal(outcome.exitCode, exitCode);
      assert.equal(outcome.stdout, '');
      assert.equal(existsSync(join(folder, 'results')), false, 'a results folder was begun');
    });
  }

  it('is told by the program itself without a stack trace', async () => {
    const outcome = await holdfast(...bench('--servers', 'ts-lop'));
    assert.match(outcome.stderr, /^holdfast: .*did you mean "ts-loop"\?/);
    assert.doesNotMatch(outcome.stderr, /\n {4}at /);
    assert.deepEqual([outcome.exitCode, outcome.stdout], [2, '']);
  });

  it('more clients than files can be opened is refused with the limit and how to raise it', async () => {
    const outcome = await inProcess(...bench('--clients', '100000', '--servers', 'ts-loop'));
    assert.equal(outcome.exitCode, 3);
    assert.match(outcome.stderr, /100000 connections .*(ulimit -n|ip_local_port_range|memory)/s);
  });
});
