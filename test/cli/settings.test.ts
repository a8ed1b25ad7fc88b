import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { BENCH_OPTIONS, type BenchOptions } from '../../harness/cli/options/bench-options.ts';
import { command } from '../../harness/cli/command.ts';
import { COMMANDS } from '../../harness/cli/commands.ts';
import type { Io } from '../../harness/cli/io.ts';
import { parse } from '../../harness/cli/parse.ts';
import { variableOf } from '../../harness/cli/options/settings.ts';
import { UsageError } from '../../harness/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-settings-'));
after(() => rmSync(folder, { recursive: true, force: true }));

type Env = Readonly<Record<string, string>>;

let seen: BenchOptions | undefined;
const bench = command({
  usage: 'bench',
  describe: 'keeps what it was told',
  examples: [],
  options: BENCH_OPTIONS,
  run: (options) => {
    seen = options;
    return Promise.resolve(0);
  },
});
const commands = [bench, ...COMMANDS.filter(({ name }) => name !== 'bench')];
const silent: Io = { out: () => {}, err: () => {}, live: false, columns: 80, colour: false };

/** What `bench` is told by a command line, variables, and a file. */
async function told(argv: readonly string[], env: Env = {}, file?: object): Promise<BenchOptions> {
  const path = join(folder, 'options.json');
  if (file) writeFileSync(path, JSON.stringify(file));
  const config = file ? ['--config', path] : [];
  const parsed = await parse(['bench', ...argv, ...config], commands, '0.0.0', env);
  assert.equal(parsed.kind, 'run');
  await parsed.run(silent, new AbortController().signal);
  assert.ok(seen);
  return seen;
}

/** A value of each kind that no option of bench has by default, as text. */
function sampleOf(name: string, kind: string): string {
  const own = { format: 'json', clients: '7', precision: '7%' }[name];
  return own ?? { number: '7', boolean: 'true', list: 'think=20ms', text: '2s' }[kind] ?? '';
}

describe('options of bench', () => {
  for (const [name, { kind }] of Object.entries(bench.options)) {
    const sample = sampleOf(name, kind);
    it(`--${name} can be set by ${variableOf(name)} and by a file, and means the same`, async () => {
      const byFlag = await told(kind === 'boolean' ? [`--${name}`] : [`--${name}`, sample]);
      assert.deepEqual(await told([], { [variableOf(name)]: sample }), byFlag);
      const value = { number: 7, boolean: true, list: [sample], text: sample }[kind];
      assert.deepEqual(await told([], {}, { [name]: value }), byFlag);
      assert.deepEqual(await told([], {}, { [name]: sample }), byFlag);
      const camel = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
      assert.deepEqual(await told([], {}, { [camel]: value }), byFlag);
      assert.notDeepEqual(await told([]), byFlag);
    });
  }

  it('come from the command line before a variable, and from a variable before the file', async () => {
    const file = { trials: 5, seed: 50, clients: '5' };
    const result = await told(['--clients', '7'], { HOLDFAST_SEED: '60', HOLDFAST_CLIENTS: '6' }, file);
    assert.deepEqual([result.clients, result.seed, result.trials], [[7], 60, 5]);
  });

  it('take a list from a variable as JSON, and from a file', async () => {
    const list = ['think=20ms', 'exchanges=5'];
    assert.deepEqual((await told([], { HOLDFAST_SET: JSON.stringify(list) })).set, list);
    assert.deepEqual((await told([], {}, { set: list })).set, list);
  });

  it('can be switched off by a variable as well as on', async () => {
    assert.equal((await told([], { HOLDFAST_QUIET: '0' }, { quiet: true })).quiet, false);
    assert.equal((await told(['--no-quiet'], { HOLDFAST_QUIET: '1' })).quiet, false);
  });

  it('may come from a file that serves other commands too, which HOLDFAST_CONFIG may name', async () => {
    const path = join(folder, 'shared.json');
    writeFileSync(path, '{"trials": 9, "force": true, "port": 9000}');
    assert.equal((await told([], { HOLDFAST_CONFIG: path })).trials, 9);
  });

  it('ignore the mark by which the processes of a server are known', async () => {
    assert.equal((await told([], { HOLDFAST_SERVER: '123-abc' })).trials, 3);
  });
});

describe('a setting that cannot be understood is one sentence', () => {
  const path = join(folder, 'bad.json');
  const CASES: readonly (readonly [what: string, env: Env, file: string | undefined, says: RegExp])[] = [
    [
      'a variable of no option',
      { HOLDFAST_TRAILS: '5' },
      undefined,
      /HOLDFAST_TRAILS matches no option.*HOLDFAST_TRIALS/,
    ],
    [
      'a variable with a text for a number',
      { HOLDFAST_TRIALS: 'five' },
      undefined,
      /HOLDFAST_TRIALS: give a number/,
    ],
    [
      'a variable with nothing for a number',
      { HOLDFAST_TRIALS: '' },
      undefined,
      /HOLDFAST_TRIALS: give a number/,
    ],
    ['a variable with a text for a switch', { HOLDFAST_QUIET: 'yes' }, undefined, /give true or false/],
    ['a variable with no choice', { HOLDFAST_FORMAT: 'xml' }, undefined, /Invalid values.*format.*xml/],
    [
      'a file with an unknown key',
      {},
      '{"trails": 5}',
      /bad\.json: no command has an option "trails"; did you mean "trials"/,
    ],
    ['a file with a list for a number', {}, '{"trials": [5]}', /bad\.json: trials: give a number/],
    ['a file with an object for a text', {}, '{"clients": {"from": 1}}', /clients: give a string/],
    ['a file with a list of objects', {}, '{"set": [{}]}', /set: give a string or a list of strings/],
    ['a file that is no JSON', {}, 'trials = 5', /Cannot read the file of options .*bad\.json/],
    ['a file that is a list', {}, '[1]', /must contain a JSON object with options/],
  ];
  for (const [what, env, file, says] of CASES) {
    it(what, async () => {
      if (file !== undefined) writeFileSync(path, file);
      const argv = ['bench', ...(file === undefined ? [] : ['--config', path])];
      await assert.rejects(parse(argv, commands, '0.0.0', env), (error) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.match(error.message, says);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      });
    });
  }

  it('a file that is not there, and one that is not named', async () => {
    const missing = ['bench', '--config', join(folder, 'nowhere.json')];
    await assert.rejects(parse(missing, commands, '0.0.0', {}), /Cannot read the file of options .*nowhere/);
    await assert.rejects(parse(['bench', '--config'], commands, '0.0.0', {}), /give one JSON file/);
    const two = ['bench', '--config', 'a', '--config', 'b'];
    await assert.rejects(parse(two, commands, '0.0.0', {}), /give one JSON file/);
  });
});
