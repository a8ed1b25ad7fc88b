import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../property.ts';
import { studentUpperPoint, studentUpperTail } from '../../../harness/analysis/statistics/tests/student.ts';

/** Fisher & Yates, "Statistical Tables" (1963), table III; and the closed forms for 1 and 2 degrees of freedom. */
const POINTS = [
  [0.025, 1, 12.7062],
  [0.025, 2, 4.30265],
  [0.025, 10, 2.22814],
  [0.005, 30, 2.75],
  [0.0005, 120, 3.37345],
] as const;

test('points of Student’s distribution are those of the tables', () => {
  for (const [tail, degrees, point] of POINTS) {
    const found = studentUpperPoint(tail, degrees);
    assert.ok(Math.abs(found / point - 1) < 1e-4, `t(${degrees}) at ${tail}: ${found}, not ${point}`);
  }
});

test('the far tail has the closed form of 2 degrees of freedom', () => {
  for (const t of [0, 1, 10, 1000]) {
    const exact = (1 - t / Math.sqrt(2 + t * t)) / 2;
    assert.ok(Math.abs(studentUpperTail(t, 2) - exact) <= 1e-12 + 1e-5 * exact);
  }
});

test('a point has the tail that it was asked for', () => {
  const tails = fc.double({ min: 1e-7, max: 0.49, noNaN: true });
  fc.assert(
    fc.property(tails, fc.double({ min: 1, max: 5000, noNaN: true }), (tail, degrees) => {
      const back = studentUpperTail(studentUpperPoint(tail, degrees), degrees);
      assert.ok(Math.abs(back / tail - 1) < 1e-4, `${back} for ${tail}`);
    }),
  );
});
