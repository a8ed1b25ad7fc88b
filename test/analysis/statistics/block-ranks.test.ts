import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../../property.ts';
import { blockRankTest } from '../../../harness/analysis/statistics/tests/block-ranks.ts';
import { doubledMidranks } from '../../../harness/analysis/statistics/tests/ranks.ts';

const blocks = fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 5,
});

/** Every choice of a first member in every block, listed. */
function byEnumeration(of: readonly (readonly number[])[]): { pMore: number; pLess: number } {
  const ranks = doubledMidranks(of.flat());
  let at = 0;
  const ranked = of.map(({ length }) => ranks.slice(at, (at += length)));
  let sums: { sum: number; p: number }[] = [{ sum: 0, p: 1 }];
  for (const own of ranked)
    sums = sums.flatMap(({ sum, p }) => own.map((rank) => ({ sum: sum + rank, p: p / own.length })));
  const observed = ranked.reduce((sum, [first]) => sum + first!, 0);
  const total = (such: (sum: number) => boolean): number =>
    sums.filter(({ sum }) => such(sum)).reduce((all, { p }) => all + p, 0);
  return { pMore: total((sum) => sum >= observed), pLess: total((sum) => sum <= observed) };
}

describe('the test of the first members of blocks', () => {
  test('counts every choice exactly', () => {
    fc.assert(
      fc.property(blocks, (of) => {
        const [made, listed] = [blockRankTest(of), byEnumeration(of)];
        assert.ok(Math.abs(made.pMore - listed.pMore) < 1e-12);
        assert.ok(Math.abs(made.pLess - listed.pLess) < 1e-12);
      }),
    );
  });

  test('rejects at no level more often than that, whatever the values: over all choices of who is first', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 }), {
          minLength: 1,
          maxLength: 4,
        }),
        (of) => {
          const choices = 3 ** of.length;
          const ps = Array.from(
            { length: choices },
            (_, choice) =>
              blockRankTest(
                of.map((block, i) => {
                  const first = Math.floor(choice / 3 ** i) % 3;
                  return [block[first]!, ...block.filter((__, j) => j !== first)];
                }),
              ).pMore,
          );
          for (const p of ps) assert.ok(ps.filter((each) => each <= p).length / choices <= p + 1e-12);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('is 1 in 4 for each block of four in which only the first has any, and says nothing where all are equal', () => {
    const six = Array.from({ length: 24 }, (_, i) => (i < 6 ? [1, 0, 0, 0] : [0, 0, 0, 0]));
    assert.ok(Math.abs(blockRankTest(six).pMore - 4 ** -6) < 1e-15);
    assert.deepEqual(
      blockRankTest([
        [0, 0],
        [2, 2],
      ]),
      { pMore: 1, pLess: 1 },
    );
  });

  test('takes a burst in one block as one event', () => {
    assert.equal(
      blockRankTest([
        [25, 0, 0, 0],
        [0, 0, 0, 0],
      ]).pMore,
      0.25,
    );
  });
});
