import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { UnfitError } from '../../harness/errors.ts';
import { writeFileDurably } from '../../harness/results/files.ts';

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
