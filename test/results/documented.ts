/** Checks of files that a real run left behind against the schema that `holdfast schema` prints. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseDocument } from '../../harness/results/document.ts';
import { DOCUMENTS } from '../../harness/results/schema/documents.ts';

/** A whole file is the document of that name, and holds no field that its schema does not know. */
export function assertDocument(name: string, path: string): void {
  assertText(name, readFileSync(path, 'utf8'), path);
}

/** So is every line of a journal, beside its checksum. */
export function assertJournal(name: string, path: string): void {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  assert.ok(lines.length > 0, path);
  for (const [i, line] of lines.entries()) {
    const { crc32, ...entry } = JSON.parse(line) as { readonly crc32?: unknown };
    assert.equal(typeof crc32, 'string', path);
    assertText(name, JSON.stringify(entry), `${path}, line ${i + 1}`);
  }
}

function assertText(name: string, text: string, place: string): void {
  const document = DOCUMENTS[name] ?? assert.fail(`there is no document ${name}`);
  assert.deepEqual(parseDocument(text, document.schema, place), JSON.parse(text), place);
}
