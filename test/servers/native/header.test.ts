import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cHeader } from '../../../servers/wire/c-header.ts';

test('the committed C header is what the method table generates, so that building C needs no node', () => {
  const committed = readFileSync(join(import.meta.dirname, '../../../servers/native/net/wire.h'), 'utf8');
  assert.equal(
    committed,
    cHeader(),
    'renew it with `node servers/wire/c-header.ts > servers/native/net/wire.h`',
  );
});
