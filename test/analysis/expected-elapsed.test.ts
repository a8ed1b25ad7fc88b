import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../property.ts';
import { expectedElapsed } from '../../harness/analysis/predictions/expected-elapsed.ts';
import type { AnalyticModel } from '../../harness/results/schema/plan.ts';

const FOREVER = { heldMs: 100, patienceMs: Infinity };

describe('elapsed time that an architecture allows', () => {
  test('iterative: N·S, a pool of k: ⌈N/k⌉·S, all at once: S', () => {
    const elapsed = (architecture: AnalyticModel) =>
      expectedElapsed(architecture, { clients: 50, ...FOREVER }).elapsedMs;
    assert.equal(elapsed({ kind: 'iterative' }), 5000);
    assert.equal(elapsed({ kind: 'pool', slots: 8 }), 700);
    assert.equal(elapsed({ kind: 'unbounded' }), 100);
  });

  test('who is not served within the waiting period is lost', () => {
    const arrivals = { clients: 20, heldMs: 100, patienceMs: 250 };
    // Waves start at 0, 100 and 200 ms.
    assert.deepEqual(expectedElapsed({ kind: 'pool', slots: 4 }, arrivals), {
      elapsedMs: 300,
      lost: 8,
    });
    assert.deepEqual(expectedElapsed({ kind: 'iterative' }, arrivals), {
      elapsedMs: 300,
      lost: 17,
    });
    assert.equal(expectedElapsed({ kind: 'unbounded' }, arrivals).lost, 0);
  });

  test('agrees with serving the clients one by one', () => {
    const small = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(
        small,
        small,
        small,
        fc.integer({ min: 0, max: 200 }),
        (clients, workers, heldMs, patienceMs) => {
          const free = Array.from({ length: workers }, () => 0);
          let served = 0;
          let elapsedMs = 0;
          for (let client = 0; client < clients; client++) {
            const worker = free.indexOf(Math.min(...free));
            if (free[worker]! > patienceMs) continue;
            served++;
            free[worker]! += heldMs;
            elapsedMs = Math.max(elapsedMs, free[worker]!);
          }
          const expected = { elapsedMs, lost: clients - served };
          assert.deepEqual(
            expectedElapsed({ kind: 'pool', slots: workers }, { clients, heldMs, patienceMs }),
            expected,
          );
        },
      ),
    );
  });

  test('impossible numbers are refused', () => {
    assert.throws(() => expectedElapsed({ kind: 'iterative' }, { clients: 0, ...FOREVER }), RangeError);
    assert.throws(() => expectedElapsed({ kind: 'pool', slots: 0 }, { clients: 1, ...FOREVER }), RangeError);
    assert.throws(
      () => expectedElapsed({ kind: 'iterative' }, { clients: 1, heldMs: 0, patienceMs: 1 }),
      RangeError,
    );
  });
});
