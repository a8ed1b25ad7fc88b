import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../../property.ts';
import { orderSweeps, type Sweep } from '../../../harness/analysis/statistics/order/order.ts';
import { noiseOf, type SweepCell } from '../../../harness/analysis/statistics/order/noise.ts';
import { quantile } from '../../../harness/analysis/statistics/estimators/quantile.ts';
import { draw, normal, seeded } from './samplers.ts';

/** A sweep of so many servers and levels; `log` is what a trial has beyond its server and level. */
function sweep(
  size: { readonly servers: number; readonly levels: number; readonly trials: number },
  log: (server: number, level: number, block: number) => number,
): Sweep {
  const cells = Array.from({ length: size.servers * size.levels }, (_, i): SweepCell => {
    const [server, level] = [i % size.servers, Math.floor(i / size.servers)];
    return {
      server: String.fromCharCode(97 + server),
      level: 10 ** level,
      samples: Array.from({ length: size.trials }, (__, block) => ({
        block,
        value: 100 * Math.exp(log(server, level, block)),
      })),
    };
  });
  return { smallerIsBetter: true, cells };
}

function noisy(
  size: Parameters<typeof sweep>[0],
  seed: number,
  spread: number,
  log: Parameters<typeof sweep>[1],
): Sweep {
  const random = seeded(seed);
  return sweep(size, (...of) => log(...of) + spread * (draw(random, normal, 1)[0] ?? 0));
}

const SIZE = { servers: 4, levels: 5, trials: 3 };

const anySweep = fc
  .record({
    servers: fc.integer({ min: 2, max: 6 }),
    levels: fc.integer({ min: 1, max: 5 }),
    trials: fc.integer({ min: 2, max: 6 }),
    seed: fc.nat(),
    spread: fc.double({ min: 0, max: 1, noNaN: true }),
    step: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ seed, spread, step, ...size }) => noisy(size, seed, spread, (server) => server * step));

function medianOf({ cells }: Sweep, server: string, level: number): number {
  const cell = cells.find((one) => one.server === server && one.level === level);
  return quantile(cell?.samples.map(({ value }) => value) ?? [], 0.5);
}

describe('the order of a sweep', () => {
  test('is complete and transitive: nobody outside the best has a better median than anybody inside', () => {
    fc.assert(
      fc.property(anySweep, (one) => {
        const [order] = orderSweeps([one]);
        for (const { level, best, behind, unplaced } of order?.levels ?? []) {
          const all = [...best, ...behind, ...unplaced].toSorted();
          assert.deepEqual(
            all,
            one.cells.filter((cell) => cell.level === level).map(({ server }) => server),
          );
          const worst = Math.max(...best.map((server) => medianOf(one, server, level)));
          for (const server of [...behind, ...unplaced])
            assert.ok(medianOf(one, server, level) >= worst, `${server} at ${level}`);
          assert.ok(unplaced.length === 0 || behind.length > 0);
        }
      }),
    );
  });

  test('is the same in other units, for other names, and turned round where larger is better', () => {
    fc.assert(
      fc.property(anySweep, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (one, unit) => {
        const cells = (change: (value: number) => number) =>
          one.cells.map((cell) => ({
            ...cell,
            samples: cell.samples.map(({ block, value }) => ({ block, value: change(value) })),
          }));
        const lists = (of: Sweep) => orderSweeps([of])[0]?.levels.map(({ best, behind }) => [best, behind]);
        assert.deepEqual(lists({ ...one, cells: cells((value) => value * unit) }), lists(one));
        // The median of an even number of trials is a mean, and 1 / mean is not the mean of 1 / each.
        if (one.cells[0]?.samples.length !== 3) return;
        const turned = { smallerIsBetter: false, cells: cells((value) => 1 / value) };
        assert.deepEqual(lists(turned), lists(one));
      }),
    );
  });

  test('does not depend on what a repetition adds to all cells alike', () => {
    const plain = noisy(SIZE, 3, 0.03, (server) => server * 0.2);
    const drifting = {
      ...plain,
      cells: plain.cells.map((cell) => ({
        ...cell,
        samples: cell.samples.map(({ block, value }) => ({ block, value: value * Math.exp(block) })),
      })),
    };
    const lists = (of: Sweep) => orderSweeps([of])[0]?.levels.map(({ best, behind }) => [best, behind]);
    assert.deepEqual(lists(drifting), lists(plain));
  });

  test('tells what is far apart, and says from which ratio on it could', () => {
    const [order] = orderSweeps([noisy(SIZE, 5, 0.02, (server) => (server > 1 ? 0.5 : 0))]);
    for (const { best, behind, resolution } of order?.levels ?? []) {
      assert.deepEqual(best.toSorted(), ['a', 'b']);
      assert.deepEqual(behind.toSorted(), ['c', 'd']);
      assert.ok(resolution.ratio > 1.03 && resolution.ratio < 1.3, `${resolution.ratio}`);
      const { more } = resolution;
      assert.ok(more && more.trials > 3 && more.ratio - 1 <= (resolution.ratio - 1) / 2);
    }
    assert.deepEqual(order?.overall?.behind.toSorted(), ['c', 'd']);
    assert.deepEqual(order?.overtakings, []);
  });

  test('an overtaking is a pair that is told apart at two levels, the other way round', () => {
    const [order] = orderSweeps([
      noisy({ ...SIZE, servers: 2 }, 7, 0.02, (server, level) => (server === 0 ? level - 2 : 0)),
    ]);
    assert.deepEqual(
      order?.overtakings.map(({ near, ...where }) => ({ ...where, near: Math.round(near / 10) * 10 })),
      [{ server: 'a', by: 'b', after: 10, before: 1000, near: 100 }],
    );
    const [same] = orderSweeps([
      noisy({ ...SIZE, servers: 2 }, 7, 0.02, (server, level) => (server === 0 ? level : 0)),
    ]);
    assert.deepEqual(same?.overtakings, []);
  });

  test('a server that scatters too much has no place rather than a false one', () => {
    const random = seeded(11);
    const one = sweep({ servers: 3, levels: 6, trials: 3 }, (server) =>
      server === 2
        ? 1.9 + 0.8 * (draw(random, normal, 1)[0] ?? 0)
        : 1.6 * server + 0.01 * (draw(random, normal, 1)[0] ?? 0),
    );
    const [order] = orderSweeps([one]);
    const wild = order?.levels.filter(({ unplaced }) => unplaced.includes('c')) ?? [];
    assert.ok(wild.length > 0);
    for (const { best, behind } of wild) assert.deepEqual([best, behind], [['a'], ['b']]);
  });

  test('two wild trials of three move no median beyond what wild trials elsewhere explain', () => {
    const random = seeded(13);
    const wild = new Set(['0 0 0', '0 0 1', '1 3 0', '2 4 1', '3 1 2', '1 2 2', '2 0 2', '3 4 0']);
    const one = sweep(
      SIZE,
      (server, level, block) =>
        0.02 * (draw(random, normal, 1)[0] ?? 0) + (wild.has(`${server} ${level} ${block}`) ? 0.5 : 0),
    );
    assert.deepEqual(
      orderSweeps([one])[0]?.levels.flatMap(({ behind }) => behind),
      [],
    );
  });

  test('cells with missing trials and levels with missing servers are ordered all the same', () => {
    const full = noisy({ ...SIZE, trials: 4 }, 17, 0.02, (server) => server * 0.4);
    const cells = full.cells
      .filter((_, i) => i % 7 !== 3)
      .map((cell, i) => (i % 3 === 0 ? { ...cell, samples: cell.samples.slice(1, 3) } : cell));
    const [order] = orderSweeps([{ ...full, cells }]);
    assert.ok((order?.levels ?? []).every(({ best }) => best.length === 1));
  });

  test('what never varies is told apart only by more than a step of one per cent', () => {
    const [order] = orderSweeps([sweep(SIZE, (server) => [0, 0.005, 0.02, 0.5][server] ?? 0)]);
    for (const { best, behind } of order?.levels ?? [])
      assert.deepEqual(
        [best, behind],
        [
          ['a', 'b'],
          ['c', 'd'],
        ],
      );
  });

  test('refuses a figure that has no logarithm', () => {
    const [cell] = sweep(SIZE, () => 0).cells;
    assert.ok(cell);
    const bad = {
      ...cell,
      samples: [
        { block: 0, value: 0 },
        { block: 1, value: 1 },
      ],
    };
    assert.throws(() => noiseOf([cell, bad]), RangeError);
  });
});
