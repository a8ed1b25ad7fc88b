import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from '../../property.ts';
import { MeasuredWindow } from '../../../harness/load/accounts/window.ts';

void test('a client that always waits or thinks fills the window exactly, wherever its stretches begin and end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.double({ min: 0.01, max: 400, noNaN: true }), fc.boolean()), { minLength: 1 }),
      (stretches) => {
        const window = new MeasuredWindow();
        window.fromMs = 100;
        window.untilMs = 900;
        let atMs = 0;
        for (const [length, thinks] of [...stretches, [2000, true] as const]) {
          if (thinks) window.thought(atMs, atMs + length);
          else window.answered(atMs, atMs + length);
          atMs += length;
        }
        const { responseMs, thinkMs } = window;
        assert.ok(Math.abs(responseMs + thinkMs - 800) < 1e-6);
      },
    ),
  );
});

void test('answers count by when they come, records by when the request was meant to go', () => {
  const window = new MeasuredWindow();
  window.fromMs = 100;
  window.untilMs = 900;
  window.answered(50, 150);
  window.answered(850, 950);
  assert.equal(window.completed, 1);
  assert.deepEqual(
    [99, 100, 900, 901].map((atMs) => window.records(atMs)),
    [false, true, true, false],
  );
});
