import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { UnfitError } from '../../harness/errors.ts';
import { Journal, writeFileDurably } from '../../harness/results/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-files-'));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('a file written durably', () => {
  it('holds the whole text and leaves nothing beside it', () => {
    const path = join(folder, 'whole.json');
    writeFileDurably(path, 'first');
    writeFileDurably(path, 'é'.repeat(100_000));
    assert.equal(readFileSync(path, 'utf8'), 'é'.repeat(100_000));
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('whole')),
      ['whole.json'],
    );
  });

  it('is an error that names the path where it cannot be written', () => {
    const path = join(folder, 'nowhere', 'x.json');
    assert.throws(
      () => writeFileDurably(path, 'x'),
      (error) => error instanceof UnfitError && error.message.includes(path) && /--out/.test(error.message),
    );
  });
});

describe('a journal', () => {
  it('has each line on disk when append returns, after what was there before', () => {
    const path = join(folder, 'journal.jsonl');
    writeFileSync(path, '{"n":0}\n');
    using journal = new Journal(path);
    journal.append({ n: 1 });
    assert.equal(readFileSync(path, 'utf8'), '{"n":0}\n{"n":1}\n');
  });

  it('begins by cutting off a line that was torn, so that the next one stays readable', () => {
    const path = join(folder, 'torn.jsonl');
    writeFileSync(path, '{"n":0}\n{"n":');
    using journal = new Journal(path);
    journal.append({ n: 1 });
    assert.equal(readFileSync(path, 'utf8'), '{"n":0}\n{"n":1}\n');
  });

  it('says that the disk is full, and how to go on', (t) => {
    if (!existsSync('/dev/full')) return t.skip('no /dev/full on this system');
    using journal = new Journal('/dev/full');
    assert.throws(
      () => journal.append({ n: 1 }),
      (error) => error instanceof UnfitError && /disk is full.*--resume/.test(error.message),
    );
  });
});
