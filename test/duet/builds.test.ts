import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fillPlace, openPlace } from '../../harness/duet/builds/builds.ts';
import { buildsOfCommands } from '../../harness/duet/builds/ready-made.ts';
import { buildsOfRevisions, type RevisionRequest } from '../../harness/duet/builds/from-revisions.ts';
import { UnfitError, UsageError } from '../../harness/errors.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-builds-')));
const repository = join(folder, 'project');
const never = new AbortController().signal;

function git(...words: string[]): string {
  return execFileSync('git', ['-C', repository, '-c', 'user.name=t', '-c', 'user.email=t@t', ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function commit(files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
  git('add', '-A');
  git('commit', '--quiet', '-m', 'change');
  return git('rev-parse', 'HEAD').trim();
}

function request(parts: Partial<RevisionRequest>): RevisionRequest {
  return {
    repository,
    base: 'HEAD~1',
    head: 'HEAD',
    native: false,
    measured: ['servers', 'package-lock.json'],
    onStep: () => {},
    ...parts,
  };
}

let first: string;
let docsOnly: string;
let second: string;

before(() => {
  mkdirSync(repository);
  git('init', '--quiet');
  mkdirSync(join(repository, 'node_modules', '.bin'), { recursive: true });
  symlinkSync(process.execPath, join(repository, 'node_modules', '.bin', 'node'));
  first = commit({
    '.gitignore': 'node_modules\n',
    'package.json': '{}',
    'package-lock.json': '{"lock":1}',
    'servers/main.ts': '// one',
    Makefile: '.PHONY: servers\nservers:\n\t@echo compiling && echo no such header >&2 && false\n',
  });
  docsOnly = commit({ 'README.md': 'words' });
  second = commit({ 'servers/main.ts': '// two' });
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Worktrees that git knows of besides the repository itself. */
const worktrees = (): number => git('worktree', 'list').trim().split('\n').length - 1;

describe('builds of two revisions', () => {
  it('lie in places of equal length that can be swapped, and are gone at the end', async () => {
    let kept: string;
    {
      await using builds = await buildsOfRevisions(request({ base: first, head: second }), never);
      assert.equal(builds.identical, false);
      const here = builds.place({ contrast: 'head', place: 0 });
      const main = (root: string): string => readFileSync(join(root, 'servers/main.ts'), 'utf8');
      assert.equal(here.base.root.length, here.head.root.length);
      assert.deepEqual([main(here.base.root), main(here.head.root)], ['// one', '// two']);
      const swapped = builds.place({ contrast: 'head', place: 1 });
      assert.deepEqual([swapped.base.root, swapped.head.root], [here.head.root, here.base.root]);
      assert.deepEqual([main(swapped.base.root), main(swapped.head.root)], ['// one', '// two']);
      const control = builds.place({ contrast: 'control', place: 0 });
      assert.deepEqual([main(control.base.root), main(control.head.root)], ['// one', '// one']);
      assert.equal(control.base.node, join(control.base.root, 'node_modules/.bin/node'));
      kept = control.base.root;
    }
    assert.equal(existsSync(dirname(kept)), false);
    assert.equal(worktrees(), 0);
  });

  it('are an A/A where nothing differs of what is measured', async () => {
    await using builds = await buildsOfRevisions(request({ base: first, head: docsOnly }), never);
    assert.equal(builds.identical, true);
  });

  it('note what is changed and not committed', async () => {
    writeFileSync(join(repository, 'servers/main.ts'), '// three');
    writeFileSync(join(repository, 'servers/new.ts'), '// not added yet');
    try {
      await using builds = await buildsOfRevisions(request({}), never);
      assert.match(builds.notes.join(), /2 changed files that are not committed and not measured/);
    } finally {
      rmSync(join(repository, 'servers/new.ts'));
      git('checkout', '--quiet', '--', '.');
    }
  });

  it('that do not exist are named, with what to do', async () => {
    await assert.rejects(buildsOfRevisions(request({ base: 'no-such-branch' }), never), (error: unknown) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /--base no-such-branch: there is no such revision/);
      return true;
    });
    await assert.rejects(buildsOfRevisions(request({ base: '--all' }), never), UsageError);
  });

  it('of what is no repository are refused', async () => {
    await assert.rejects(
      buildsOfRevisions(request({ repository: folder }), never),
      /is not a git repository.*--base-command/,
    );
  });

  it('that do not build are an error with the step and its last words, and leave nothing behind', async () => {
    await assert.rejects(buildsOfRevisions(request({ native: true }), never), (error: unknown) => {
      assert.ok(error instanceof UnfitError);
      assert.match(
        error.message,
        /The base HEAD~1 .* does not build: "make .*servers" failed \(exit code 2\)/,
      );
      assert.match(error.message, /no such header/);
      return true;
    });
    assert.equal(worktrees(), 0);
  });

  it('can be stopped', async () => {
    await assert.rejects(
      buildsOfRevisions(request({ native: true }), AbortSignal.abort('SIGINT')),
      (reason: unknown) => reason === 'SIGINT',
    );
    assert.equal(worktrees(), 0);
  });
});

describe('builds that are commands', () => {
  it('are the same build only where the files and the words are the same', () => {
    const node = process.execPath;
    assert.equal(buildsOfCommands([node, 'x', '{port}'], [node, 'x', '{port}']).identical, true);
    assert.equal(buildsOfCommands([node, 'x', '{port}'], [node, 'y', '{port}']).identical, false);
  });
});

describe('the places in a command', () => {
  it('are left open in the plan and filled for a launch', () => {
    const open = openPlace(['/p/bin/node', '/p/servers/main.ts', '--port', '{port}'], '/p', '/p/bin/node');
    assert.deepEqual(open, ['{node}', '{root}/servers/main.ts', '--port', '{port}']);
    assert.deepEqual(fillPlace(open, { root: '/tmp/a', node: '/n' }), [
      '/n',
      '/tmp/a/servers/main.ts',
      '--port',
      '{port}',
    ]);
  });
});
