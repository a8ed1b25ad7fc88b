/** Files of benchmarks, run once and compared between two builds: that all parts fit together, not what they find. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { DuetComparison } from '../../harness/results/schema/comparison.ts';
import { loadBench, runRound } from '../../harness/duet/micro/bench-file.ts';
import { shared } from '../../harness/duet/planning/micro-benchmarks.ts';
import { UsageError } from '../../harness/errors.ts';
import { inProcess } from '../cli/in-process.ts';
import { EXHAUSTIVE } from '../scope.ts';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'holdfast-micro-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));
symlinkSync(MODULES, join(folder, 'node_modules'));

function write(path: string, text: string): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

/** A file with benchmarks of these names; each counts so far, one fails where told so. */
function benchFile(counts: Readonly<Record<string, number | 'fails'>>): string {
  const add = Object.entries(counts).map(([name, count]) =>
    count === 'fails'
      ? `bench.add('${name}', () => { throw new Error('no luck'); });`
      : `bench.add('${name}', () => { for (let i = 0; i < ${count}; i++) kept += i; });`,
  );
  return [`import { Bench } from 'tinybench';`, 'let kept = 0;', 'const bench = new Bench();', ...add].join(
    '\n',
  );
}
const EXPORTED = '\nexport default bench;\n';

/** Four launches are the fewest that can raise an alarm at this alpha, of an effect that no busy machine makes. */
const rules = write(
  'rules.json',
  JSON.stringify({
    delta: 0.8,
    margin: 0.9,
    looks: [{ launches: 4, alpha: 0.07 }],
    gates: {},
    microGate: { delta: 0.8, margin: 0.9 },
    // Long enough for the compiler: a benchmark that is still interpreted takes many times as long.
    timing: { warmupMs: 80, slices: 2, sliceMs: 30 },
  }),
);

function compared(out: string): DuetComparison {
  return JSON.parse(readFileSync(join(out, 'latest', 'comparison.json'), 'utf8')) as DuetComparison;
}

describe('a file of benchmarks', () => {
  it('may export a Bench, or a function that makes one, now or later', async () => {
    const forms = { plain: '', now: '() => ', later: 'async () => ' };
    for (const [form, make] of Object.entries(forms)) {
      const path = write(`${form}.mjs`, `${benchFile({ count: 10 })}\nexport default ${make}bench;\n`);
      const times = await runRound(await loadBench(path), 1);
      assert.ok(Number(times['count']) > 0, form);
    }
  });

  it('is run as often as asked, all of it or some', async () => {
    const bench = await loadBench(write('some.mjs', benchFile({ a: 1, b: 1, c: 'fails' }) + EXPORTED));
    assert.deepEqual(Object.keys(await runRound(bench, 1, ['b'])), ['b']);
    const { a, b, c } = await runRound(bench, 1);
    assert.ok(Number(a) > 0 && Number(b) > 0);
    assert.equal(c, 'no luck');
  });

  for (const [what, text] of [
    ['exports nothing', 'export const bench = 1;'],
    ['exports something else', 'export default { tasks: [], time: 1 };'],
    ['exports a Bench without tasks', benchFile({}) + EXPORTED],
  ] as const) {
    it(`that ${what} is refused, with the lines to write`, async () => {
      const path = write(`${what.replaceAll(' ', '-')}.mjs`, text);
      await assert.rejects(loadBench(path), (error: unknown) => {
        assert.ok(error instanceof UsageError);
        assert.match(
          error.message,
          /does not export benchmarks[^]*new Bench\(\);\n[^]*export default bench;/,
        );
        return true;
      });
    });
  }

  it('that cannot be loaded is refused with the reason', async () => {
    await assert.rejects(loadBench(write('bad.mjs', 'nonsense(')), /bad\.mjs cannot be loaded: /);
    await assert.rejects(
      loadBench(write('throws.mjs', 'throw new Error("not today");')),
      /cannot be loaded: not today/,
    );
  });
});

describe('what two builds share', () => {
  it('is what runs on both; the rest is named with the reason', () => {
    assert.deepEqual(
      shared({
        base: { both: 1, old: 1, broken: 1, gone: 'no luck' },
        head: { both: 2, fresh: 1, broken: 'oh', gone: 1 },
      }),
      {
        names: ['both'],
        left: [
          'fresh: it exists only in the head',
          'broken: it fails in the head: oh',
          'gone: it fails in the base: no luck',
          'old: it exists only in the base',
        ],
      },
    );
  });
});

describe('holdfast micro', () => {
  it('prints the median of each benchmark where there is no base, whatever the file prints itself', async () => {
    const path = write(
      'once.mjs',
      `${benchFile({ quick: 1, broken: 'fails' })}\nconsole.log('hello');${EXPORTED}`,
    );
    const { exitCode, stdout, stderr } = await inProcess('micro', path);
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^benchmark +median of a call\nquick +[\d.]+ \S+\nbroken +it fails: no luck\n$/);
  });

  it('says what is wrong with a file', async () => {
    const bad = await inProcess('micro', write('empty.mjs', 'export {};'));
    assert.equal(bad.exitCode, 2);
    assert.match(bad.stderr, /does not export benchmarks/);
    const none = await inProcess('micro', join(folder, 'none.mjs'));
    assert.equal(none.exitCode, 2);
    assert.match(none.stderr, /There is no .*none\.mjs/);
    const half = await inProcess('micro', 'x.mjs', '--base-dir', folder);
    assert.match(half.stderr, /give both --base-dir and --head-dir, and no --base/);
  });

  it('compares two folders, and names what only one of them has', async () => {
    write('old/work.mjs', benchFile({ work: 2000, old: 1 }) + EXPORTED);
    write('new/work.mjs', benchFile({ work: 40_000, fresh: 1 }) + EXPORTED);
    const out = join(folder, 'folders');
    const { exitCode, stdout, stderr } = await inProcess(
      ...['micro', 'work.mjs', '--base-dir', join(folder, 'old'), '--head-dir', join(folder, 'new')],
      ...['--rules', rules, '--out', out],
    );
    assert.equal(exitCode, 1, stderr + stdout);
    assert.match(stdout, /^Regression: micro, work \+/);
    const { effects, notCompared } = compared(out);
    assert.deepEqual(
      effects.map(({ metric, verdict }) => [metric, verdict]),
      [['work', 'regression']],
    );
    assert.deepEqual(
      notCompared.map(({ why }) => why),
      ['fresh: it exists only in the head', 'old: it exists only in the base'],
    );
  });

  // As many launches as the folders take: those show the comparison, and the tests of builds the revisions.
  if (EXHAUSTIVE)
    it('compares two revisions of anybody’s repository, and lends the file to a base that does not have it', async () => {
      const repository = join(folder, 'project');
      const git = (...words: readonly string[]) =>
        execFileSync('git', ['-C', repository, '-c', 'user.name=t', '-c', 'user.email=t@t', ...words]);
      const commit = (path: string, text: string) => {
        write(join('project', path), text);
        git('add', '-A');
        git('commit', '--quiet', '-m', 'change');
      };
      mkdirSync(repository);
      git('init', '--quiet');
      symlinkSync(MODULES, join(repository, 'node_modules'));
      write('project/.gitignore', 'node_modules\n');
      commit('work.mjs', 'export const rounds = 2000;');
      const uses = `import { rounds } from '../work.mjs';\n${benchFile({}).replace(
        'const bench = new Bench();',
        "const bench = new Bench();\nbench.add('work', () => { for (let i = 0; i < rounds; i++) kept += i; });",
      )}${EXPORTED}`;
      commit('bench/work.mjs', uses);
      commit('work.mjs', 'export const rounds = 40000;');
      const out = join(folder, 'revisions');
      const { exitCode, stdout, stderr } = await inProcess(
        ...['micro', join(repository, 'bench/work.mjs'), '--base', 'HEAD~2'],
        ...['--rules', rules, '--out', out, '--arrangement', 'in-turn'],
      );
      assert.equal(exitCode, 1, stderr + stdout);
      assert.match(stderr, /bench\/work\.mjs does not exist in the base, which runs the head's copy of it/);
      assert.equal(compared(out).effects[0]?.verdict, 'regression');
      const missing = await inProcess(
        'micro',
        join(repository, 'other.mjs'),
        '--base',
        'HEAD~1',
        '--out',
        out,
      );
      assert.equal(missing.exitCode, 2);
      assert.match(missing.stderr, /other\.mjs does not exist in the head\. Commit it first/);
      assert.ok(!existsSync(join(repository, 'other.mjs')));
    });
});
