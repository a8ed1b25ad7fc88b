import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from '../property.ts';
import { Ledger } from '../../scenarios/chat/ledger.ts';

const MESSAGES = 8;

/** What may happen to the messages of one sender on the way: some are dropped, some doubled, some moved. */
const journey = fc.record({
  fate: fc.array(fc.constantFrom('arrives', 'arrives', 'drops', 'doubles'), {
    minLength: MESSAGES,
    maxLength: MESSAGES,
  }),
  order: fc.array(fc.nat(), { minLength: 2 * MESSAGES, maxLength: 2 * MESSAGES }),
});

test('whatever is dropped, doubled or moved on the way is counted as just that', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), journey), fc.boolean(), (journeys, shuffled) => {
      const ledger = new Ledger(MESSAGES);
      const expected = { missing: 0, duplicated: 0, outOfOrder: 0 };
      for (const [name, { fate, order }] of Object.entries(journeys)) {
        ledger.expect(1);
        const sequences = fate.flatMap((what, i) =>
          what === 'drops' ? [] : what === 'doubles' ? [i + 1, i + 1] : [i + 1],
        );
        const arriving = shuffled
          ? sequences.map((sequence, i) => ({ sequence, key: order[i] ?? 0 })).sort((a, b) => a.key - b.key)
          : sequences.map((sequence) => ({ sequence }));
        const seen = new Set<number>();
        for (const { sequence } of arriving) {
          if (seen.has(sequence)) expected.duplicated++;
          else if (sequence < Math.max(0, ...seen)) expected.outOfOrder++;
          seen.add(sequence);
          ledger.hear(name, sequence);
        }
        expected.missing += fate.filter((what) => what === 'drops').length;
      }
      const { missing, duplicated, outOfOrder, strange } = ledger;
      assert.deepEqual({ missing, duplicated, outOfOrder, strange }, { ...expected, strange: 0 });
    }),
  );
});

test('a sender that leaves early is missed no further than it spoke', () => {
  const ledger = new Ledger(MESSAGES);
  ledger.expect(2);
  ledger.hear('early', 1);
  ledger.excuse(2);
  assert.equal(ledger.missing, MESSAGES + 1);
});

test('numbers that nobody gave are strange, and neither heard nor missing', () => {
  const ledger = new Ledger(MESSAGES);
  ledger.expect(1);
  for (const sequence of [0, -1, MESSAGES + 1, Number.NaN, Infinity]) ledger.hear('a', sequence);
  assert.equal(ledger.strange, 5);
  assert.equal(ledger.missing, MESSAGES);
});
