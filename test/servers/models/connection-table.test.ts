import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { ConnectionTable } from '../../../servers/models/connection/connection-table.ts';
import fc from '../../property.ts';

void test('places are used again, so that no more are made than were ever taken at once', () => {
  const table = new ConnectionTable<{ readonly name: string }>();
  const [a, b] = [table.add({ name: 'a' }), table.add({ name: 'b' })];
  table.remove(a);
  table.remove(a);
  assert.equal(table.size, 1);
  assert.equal(table.add({ name: 'c' }), a);
  assert.equal(table.at(b)?.name, 'b');
  assert.deepEqual(
    [...table].map(({ name }) => name),
    ['c', 'b'],
  );
});

void test('whoever goes while others are gone through is not met any more', () => {
  const table = new ConnectionTable<{ readonly place: number }>();
  for (let i = 0; i < 3; i += 1) table.add({ place: i });
  const met: number[] = [];
  for (const { place } of table) {
    met.push(place);
    table.remove(place + 1);
  }
  assert.deepEqual(met, [0, 2]);
});

void test('it holds whom a Set would hold, whatever comes and goes', () => {
  const step = fc.oneof(fc.constant('add' as const), fc.constant('clear' as const), fc.nat(20));
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const table = new ConnectionTable<{ readonly id: number }>();
      const expected = new Map<number, { readonly id: number }>();
      for (const [id, what] of steps.entries()) {
        if (what === 'add') {
          const place = table.add({ id });
          assert.ok(!expected.has(place), 'a place that is taken was given away');
          expected.set(place, { id });
        } else if (what === 'clear') {
          assert.equal(table.clear().length, expected.size);
          expected.clear();
        } else {
          table.remove(what);
          expected.delete(what);
        }
        assert.equal(table.size, expected.size);
        for (const [place, member] of expected) assert.deepEqual(table.at(place), member);
      }
      const ids = (members: Iterable<{ readonly id: number }>) =>
        [...members].map((member) => member.id).toSorted((x, y) => x - y);
      assert.deepEqual(ids(table), ids(expected.values()));
    }),
  );
});
