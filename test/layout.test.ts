/** The size of files and folders, what they depend on, and that nothing is there for the tests alone. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { exportsOf, filesOf, importsOf, PRODUCT, ROOT, sourceOf } from './sources.ts';

const MOST_LINES = 250;
const MOST_ENTRIES = 15;
const REASON = /^\W*Longer than 250 lines because/m;

/** What does not keep to a rule yet, by its figure today, which may only fall. A rule without exceptions has none. */
const LONGER: Readonly<Record<string, number>> = {};
const FULLER: Readonly<Record<string, number>> = { 'harness/results/schema': 16 };
const FOR_DEVELOPMENT: readonly string[] = [];
const FOR_TESTS: readonly string[] = [];

/** Files in version control; undefined, with a skip, where this is no checkout. */
function tracked(t: TestContext): string[] | undefined {
  if (!existsSync(join(ROOT, '.git'))) {
    t.skip('this is no git checkout: what belongs to the tree is not known');
    return undefined;
  }
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' });
  return listed.split('\0').filter((file) => file !== '' && existsSync(join(ROOT, file)));
}

/** The comment that a source begins with. */
function firstComment(source: string): string {
  return /^(?:#![^\n]*\n)?\s*(?:\/\*[^]*?\*\/|(?:(?:\/\/|#)[^\n]*\n)+)/.exec(source)?.[0] ?? '';
}

describe('the tree', () => {
  it('has no source over 250 lines that does not say why', (t) => {
    const sources = tracked(t)?.filter((file) => /^(?!test\/).*\.(ts|c|h|css)$/.test(file));
    const long = sources?.flatMap((file) => {
      const source = readFileSync(join(ROOT, file), 'utf8');
      const lines = source.split('\n').length - 1;
      const allowed = LONGER[file] ?? MOST_LINES;
      return lines > allowed && !REASON.test(firstComment(source))
        ? [`${file}: ${lines}, at most ${allowed}`]
        : [];
    });
    assert.deepEqual(long ?? [], []);
  });

  it('has no folder with more than 15 entries', (t) => {
    const entries = new Map<string, Set<string>>();
    for (const file of tracked(t) ?? []) {
      const parts = file.startsWith('test/') ? ['test'] : file.split('/');
      for (let depth = file.startsWith('.') ? 1 : 0; depth < parts.length; depth += 1) {
        const folder = parts.slice(0, depth).join('/') || '.';
        entries.set(folder, (entries.get(folder) ?? new Set()).add(parts[depth] ?? ''));
      }
    }
    const full = [...entries].flatMap(([folder, { size }]) => {
      const allowed = FULLER[folder] ?? MOST_ENTRIES;
      return size > allowed ? [`${folder}: ${size}, at most ${allowed}`] : [];
    });
    assert.deepEqual(full, []);
  });

  it('loads no package that only development brings', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    const strays = PRODUCT.flatMap((file) =>
      importsOf(file)
        .filter(({ to, when }) => when !== 'types-only' && to in devDependencies)
        .map(({ to }) => `${file} → ${to}`),
    );
    assert.deepEqual(
      strays.filter((stray) => !FOR_DEVELOPMENT.includes(stray)),
      [],
    );
  });

  it('exports nothing that only tests use', () => {
    const used = new Set<string>();
    const whole = new Set<string>();
    for (const file of PRODUCT) {
      for (const { to, names } of importsOf(file)) {
        if (names === 'all') whole.add(to);
        else for (const name of names) used.add(`${to}: ${name}`);
      }
      // A file that is named is loaded by its path: as a program, a worker, a service.
      for (const [, path = ''] of sourceOf(file).matchAll(/(?<!from |import )'([\w./-]+\.ts)'/g)) {
        whole.add(normalize(join(dirname(file), path)));
      }
    }
    const tested = new Set(
      filesOf('test/**/*.ts').flatMap((file) =>
        importsOf(file).flatMap(({ to, names }) =>
          names === 'all' ? [] : names.map((name) => `${to}: ${name}`),
        ),
      ),
    );
    const forTests = PRODUCT.filter((file) => !whole.has(file)).flatMap((file) =>
      exportsOf(file).flatMap((name) => {
        const key = `${file}: ${name}`;
        const isUsedHere = withoutComments(file).split(new RegExp(`\\b${name}\\b`)).length > 2;
        return tested.has(key) && !used.has(key) && !isUsedHere ? [key] : [];
      }),
    );
    assert.deepEqual(
      forTests.filter((key) => !FOR_TESTS.includes(key)),
      [],
    );
  });

  it('needs every exception that is made for it', () => {
    const gone = [...Object.keys(LONGER), ...Object.keys(FULLER)].filter(
      (path) => !existsSync(join(ROOT, path)),
    );
    assert.deepEqual(gone, []);
  });
});

function withoutComments(file: string): string {
  return sourceOf(file).replaceAll(/\/\*[^]*?\*\/|^\s*\/\/[^\n]*/gm, '');
}
