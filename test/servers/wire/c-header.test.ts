import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { cHeader } from '../../../servers/wire/c-header.ts';
import { ERROR_CODES, KINDS, METHODS } from '../../../servers/wire/methods.ts';

test('the C header defines every number of the table once', () => {
  const defines = new Map(
    [...cHeader().matchAll(/^#define (HF_\w+) (\d+)$/gm)].map(([, name, value]) => [name, Number(value)]),
  );
  assert.equal(defines.get('HF_VERSION'), 1);
  assert.equal(defines.get('HF_MAX_FRAME_BYTES'), 1_048_576);
  assert.equal(defines.get('HF_METHOD_SESSION_OPEN'), METHODS['session.open'].id);
  assert.equal(defines.get('HF_ERROR_BUSY'), ERROR_CODES.busy);
  assert.equal(defines.get('HF_KIND_REQUEST'), KINDS.request);
  const count = [METHODS, ERROR_CODES, KINDS].reduce((sum, table) => sum + Object.keys(table).length, 0);
  assert.equal(defines.size, count + 4);
});

test('the command prints the header', () => {
  const run = spawnSync(process.execPath, [
    new URL('../../../servers/wire/c-header.ts', import.meta.url).pathname,
  ]);
  assert.equal(run.stdout.toString(), cHeader());
});
