import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import * as z from 'zod';
import fc from '../property.ts';
import { UnfitError } from '../../harness/errors.ts';
import { Journal, readJournal } from '../../harness/results/journal.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-journal-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const schema = z.object({ n: z.number(), text: z.string().optional() });

describe('a journal', () => {
  it('has each line on disk when append returns, after what was there before', () => {
    const path = join(folder, 'journal.jsonl');
    writeFileSync(path, '{"n":0}\n');
    using journal = new Journal(path);
    journal.append({ n: 1 });
    assert.deepEqual(readJournal(path, schema), [{ n: 0 }, { n: 1 }]);
  });

  it('reads back any text', () => {
    const path = join(folder, 'texts.jsonl');
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (texts) => {
        rmSync(path, { force: true });
        using journal = new Journal(path);
        for (const [n, text] of texts.entries()) journal.append({ n, text });
        assert.deepEqual(
          readJournal(path, schema).map(({ text }) => text),
          texts,
        );
      }),
      { numRuns: 30 },
    );
  });

  it('begins by cutting off a line that was torn, so that the next one stays readable', () => {
    const path = join(folder, 'torn.jsonl');
    writeFileSync(path, '{"n":0}\n{"n":');
    using journal = new Journal(path);
    journal.append({ n: 1 });
    assert.deepEqual(readJournal(path, schema), [{ n: 0 }, { n: 1 }]);
  });

  it('refuses a line in which any digit of a figure was changed', () => {
    const path = join(folder, 'changed.jsonl');
    using journal = new Journal(path);
    journal.append({ n: 1 });
    journal.append({ n: 1234 });
    const whole = readFileSync(path, 'utf8');
    fc.assert(
      fc.property(fc.constantFrom('1', '2', '3', '4'), fc.integer({ min: 5, max: 9 }), (digit, other) => {
        writeFileSync(path, whole.replace('1234', '1234'.replace(digit, String(other))));
        assert.throws(
          () => readJournal(path, schema),
          /changed\.jsonl, line 2 does not agree with its checksum/,
        );
      }),
      { numRuns: 20 },
    );
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
