import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from '../../property.ts';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { arrivalsOf, rampStartMs } from '../../../harness/load/time/pacing.ts';
import type { ArrivalKind } from '../../../harness/scenario/client.ts';

/** All intended sends of all clients in [originMs, originMs + lengthMs), in order. */
function schedule(kind: ArrivalKind, rate: number, clients: number, lengthMs: number, seed = 1): number[] {
  const sends: number[] = [];
  for (let index = 0; index < clients; index++) {
    const generator = xoroshiro128plus(seed + index);
    const random = (): number => uniformFloat64(generator);
    const { firstMs, next } = arrivalsOf(kind, rate, { index, clients, random }, 5000, 5000);
    for (let atMs = firstMs; atMs < 5000 + lengthMs; atMs = next(atMs)) sends.push(atMs);
  }
  return sends.toSorted((a, b) => a - b);
}

void test('a constant rate is evenly spaced over all clients together', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 10, max: 5000 }), (clients, rate) => {
      const sends = schedule('constant', rate, clients, 2000);
      assert.ok(Math.abs(sends.length - rate * 2) <= 1, `${sends.length} sends`);
      const gapMs = 1000 / rate;
      for (let i = 1; i < sends.length; i++) {
        const gap = (sends[i] as number) - (sends[i - 1] as number);
        assert.ok(Math.abs(gap - gapMs) < 1e-6, `a gap of ${gap} ms`);
      }
    }),
    { numRuns: 30 },
  );
});

void test('a client that comes late takes up its schedule where it would be by then', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 49 }),
      fc.double({ min: 0, max: 5000, noNaN: true }),
      (index, late) => {
        const carrier = { index, clients: 50, random: () => 0.5 };
        const onTime = arrivalsOf('constant', 500, carrier, 1000, 1000);
        const { firstMs } = arrivalsOf('constant', 500, carrier, 1000, 1000 + late);
        assert.ok(firstMs >= 1000 + late - 1e-6 && firstMs < 1000 + late + 100 + 1e-6);
        const turns = (firstMs - onTime.firstMs) / 100;
        assert.ok(Math.abs(turns - Math.round(turns)) < 1e-6);
      },
    ),
  );
});

void test('Poisson arrivals have the mean and the spread of a Poisson process', () => {
  const sends = schedule('poisson', 1000, 50, 20_000);
  // 20,000 expected, standard deviation √20,000 ≈ 141.
  assert.ok(Math.abs(sends.length - 20_000) < 5 * 141, `${sends.length} sends`);
  const gaps = sends.slice(1).map((atMs, i) => atMs - (sends[i] as number));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  assert.ok(Math.abs(Math.sqrt(variance) / mean - 1) < 0.05, 'exponential gaps have a variation of 1');
});

void test('a draw of 0 or just under 1 gives a finite gap', () => {
  for (const u of [0, 1 - 2 ** -53]) {
    const { firstMs } = arrivalsOf('poisson', 10, { index: 0, clients: 1, random: () => u }, 0, 0);
    assert.ok(firstMs >= 0 && Number.isFinite(firstMs));
  }
});

void test('a ramp starts the first client at once and the others evenly until its end', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((i) => rampStartMs(i, 4, 100)),
    [0, 25, 50, 75],
  );
});
