import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../property.ts';
import { buildDuetPlan } from '../../harness/duet/planning/build-plan.ts';
import type { PlannedLaunch } from '../../harness/results/schema/duet-plan.ts';
import { request, SERVER } from './fixture.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

function launchesOf(seed: number, contrast: 'head' | 'control'): PlannedLaunch[] {
  return buildDuetPlan(request({ seed }))
    .launches.filter((launch) => launch.contrast === contrast)
    .toSorted((a, b) => a.round - b.round);
}

/** What chance decided, as 0 and 1. */
const factors = {
  first: ({ first }: PlannedLaunch) => (first === 'base' ? 0 : 1),
  core: ({ pattern }: PlannedLaunch) => pattern[0] ?? 0,
  place: ({ place }: PlannedLaunch) => place,
  generator: ({ generator }: PlannedLaunch) => generator,
} as const;

describe('the plan of a duet', () => {
  it('is the same for the same seed, byte for byte, and another for another', () => {
    assert.equal(JSON.stringify(buildDuetPlan(request())), JSON.stringify(buildDuetPlan(request())));
    assert.notEqual(
      JSON.stringify(buildDuetPlan(request())),
      JSON.stringify(buildDuetPlan(request({ seed: 2 }))),
    );
  });

  it('has a launch for every round, subject and contrast that the last interim analysis may want', () => {
    const second = { ...SERVER, name: 'epoll' };
    const { launches } = buildDuetPlan(request({ subjects: [SERVER, second] }));
    assert.equal(launches.length, 24 * 2 * 2);
    const rounds = launches.map(({ round }) => round);
    assert.deepEqual(
      rounds,
      rounds.toSorted((a, b) => a - b),
    );
    assert.deepEqual(
      launches.map(({ index }) => index),
      launches.map((_, i) => i),
    );
  });

  it('is balanced in fours: each arm is twice the first, on either core, in either folder, with either generator', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom('head' as const, 'control' as const), (seed, contrast) => {
        const launches = launchesOf(seed, contrast);
        for (let from = 0; from < launches.length; from += 4) {
          const four = launches.slice(from, from + 4);
          for (const [name, read] of Object.entries(factors)) {
            assert.equal(
              four.reduce((sum, launch) => sum + read(launch), 0),
              2,
              name,
            );
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('brings order, core and folder together in all four combinations of any two of them', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const four = launchesOf(seed, 'head').slice(0, 4);
        const { first, core, place } = factors;
        for (const [a, b] of [
          [first, core],
          [first, place],
          [core, place],
        ] as const) {
          assert.equal(new Set(four.map((launch) => 2 * a(launch) + b(launch))).size, 4);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('swaps the cores so that a steady drift falls on both arms alike: 0110 or 1001', () => {
    const patterns = new Set(launchesOf(1, 'head').map(({ pattern }) => pattern.join('')));
    assert.deepEqual([...patterns].toSorted(), ['0110', '1001']);
  });

  it('has no control where it is told so', () => {
    const { launches } = buildDuetPlan(request({ control: false }));
    assert.ok(launches.every(({ contrast }) => contrast === 'head'));
  });
});
