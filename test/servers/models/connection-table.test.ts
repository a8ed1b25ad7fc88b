import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { Roster } from '../../../servers/models/connection/connection-table.ts';
import fc from '../../property.ts';

void test('places are used again, so that no more are made than were ever taken at once', () => {
  const roster = new Roster<{ readonly name: string }>();
  const [a, b] = [roster.add({ name: 'a' }), roster.add({ name: 'b' })];
  roster.remove(a);
  roster.remove(a);
  assert.equal(roster.size, 1);
  assert.equal(roster.add({ name: 'c' }), a);
  assert.equal(roster.at(b)?.name, 'b');
  assert.deepEqual(
    [...roster].map(({ name }) => name),
    ['c', 'b'],
  );
});

void test('whoever goes while others are gone through is not met any more', () => {
  const roster = new Roster<{ readonly place: number }>();
  for (let i = 0; i < 3; i += 1) roster.add({ place: i });
  const met: number[] = [];
  for (const { place } of roster) {
    met.push(place);
    roster.remove(place + 1);
  }
  assert.deepEqual(met, [0, 2]);
});

void test('it holds whom a Set would hold, whatever comes and goes', () => {
  const step = fc.oneof(fc.constant('add' as const), fc.constant('clear' as const), fc.nat(20));
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const roster = new Roster<{ readonly id: number }>();
      const expected = new Map<number, { readonly id: number }>();
      for (const [id, what] of steps.entries()) {
        if (what === 'add') {
          const place = roster.add({ id });
          assert.ok(!expected.has(place), 'a place that is taken was given away');
          expected.set(place, { id });
        } else if (what === 'clear') {
          assert.equal(roster.clear().length, expected.size);
          expected.clear();
        } else {
          roster.remove(what);
          expected.delete(what);
        }
        assert.equal(roster.size, expected.size);
        for (const [place, member] of expected) assert.deepEqual(roster.at(place), member);
      }
      const ids = (members: Iterable<{ readonly id: number }>) =>
        [...members].map((member) => member.id).toSorted((x, y) => x - y);
      assert.deepEqual(ids(roster), ids(expected.values()));
    }),
  );
});
