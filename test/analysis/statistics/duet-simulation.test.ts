import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { USUAL_RULE } from '../../../harness/analysis/statistics/duet/duet-decision.ts';
import {
  resampledLaunches,
  simulateDuet,
  type LaunchSource,
} from '../../../harness/analysis/statistics/duet/duet-simulation.ts';
import { normal, seeded, type RandomGenerator } from './samplers.ts';

const GATES = ['cpu', 'throughput', 'p50', 'memory', 'cpu 2', 'throughput 2', 'p50 2', 'memory 2'].map(
  (name) => ({
    name,
  }),
);

/**
 * Launches whose gates share half of their variance. A spread of 4 % is the noisiest that arms side by side were seen
 * to have.
 */
function launches(
  spread: number,
  effect: number,
  wild: (random: RandomGenerator) => number = () => 1,
): LaunchSource {
  return (random) => {
    const shared = normal(random);
    const scale = spread * Math.SQRT1_2 * wild(random);
    return GATES.map((_, i) => scale * (shared + normal(random)) + (i === 0 ? Math.log(effect) : 0));
  };
}

/** One launch in twenty is four times as noisy. */
const bursts = (random: RandomGenerator) => (Math.abs(normal(random)) > 1.96 ? 4 : 1);

describe('error rates of the whole sequential comparison', () => {
  test('at most 1 % false alarms over eight gates with a spread of 4 % a launch, even at the end of their interval', () => {
    const { comparisons } = simulateDuet({
      gates: GATES,
      launch: launches(0.04, 1),
      rule: USUAL_RULE,
      repetitions: 3000,
      seed: 1,
    });
    assert.ok(comparisons.regression.interval.high <= 0.01, JSON.stringify(comparisons.regression));
    assert.ok(comparisons['no-change'].rate >= 0.95, JSON.stringify(comparisons['no-change']));
  });

  for (const [name, wild] of [
    ['calm launches', undefined],
    ['wild launches among them', bursts],
  ] as const) {
    test(`+5 % is found in at least 95 %, +10 % always, ${name}`, () => {
      const power = (effect: number, spread: number) => {
        const { gates } = simulateDuet({
          gates: GATES,
          launch: launches(spread, effect, wild),
          rule: USUAL_RULE,
          repetitions: 600,
          seed: 2,
        });
        return gates[0]!.verdicts.regression;
      };
      const spread = wild ? 0.03 : 0.04;
      assert.ok(power(1.05, spread).interval.low >= 0.95, JSON.stringify(power(1.05, spread)));
      assert.ok(power(1.1, spread).rate === 1);
    });
  }

  test('an effect as large as the margin is declared unchanged in at most 5 %', () => {
    const { gates } = simulateDuet({
      gates: [{ name: 'cpu' }],
      launch: (random) => [0.04 * normal(random) + Math.log(1.05)],
      // No alarm takes the decision away: the safe side alone.
      rule: { ...USUAL_RULE, delta: 10 },
      repetitions: 3000,
      seed: 3,
    });
    const rate = gates[0]!.verdicts['no-change'];
    assert.ok(rate.interval.low <= 0.05 && rate.rate > 0.01, JSON.stringify(rate));
  });

  test('same seed, same figures', () => {
    const simulation = { gates: GATES, launch: launches(0.03, 1.04), rule: USUAL_RULE, repetitions: 20 };
    assert.deepEqual(simulateDuet({ ...simulation, seed: 5 }), simulateDuet({ ...simulation, seed: 5 }));
  });
});

describe('recorded launches', () => {
  const recorded = [
    [0.01, 0.03],
    [-0.02, -0.05],
    [0.04, 0.07],
  ];

  test('are drawn whole, with the arms swapped at random and the effect multiplied in', () => {
    const source = resampledLaunches(recorded, [1.1, 1]);
    const random = seeded(1);
    const seen = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const [first, second] = source(random) as [number, number];
      seen.add(`${(first - Math.log(1.1)).toFixed(6)} ${second.toFixed(6)}`);
    }
    const both = recorded.flatMap(([a, b]) => [
      `${a!.toFixed(6)} ${b!.toFixed(6)}`,
      `${(-a!).toFixed(6)} ${(-b!).toFixed(6)}`,
    ]);
    assert.deepEqual([...seen].toSorted(), both.toSorted());
  });

  test('an accidental difference in the records raises no alarms', () => {
    const random = seeded(9);
    const records = Array.from({ length: 40 }, () => [0.02 + 0.03 * normal(random)]);
    const { comparisons, meanLaunches } = simulateDuet({
      gates: [{ name: 'cpu' }],
      launch: resampledLaunches(records, [1]),
      rule: USUAL_RULE,
      repetitions: 500,
      seed: 1,
    });
    assert.ok(comparisons.regression.rate <= 0.01, JSON.stringify(comparisons.regression));
    assert.ok(meanLaunches >= 12 && meanLaunches <= 24);
  });

  test('records that do not fit the effects are refused', () => {
    assert.throws(() => resampledLaunches([], [1]), RangeError);
    assert.throws(() => resampledLaunches(recorded, [1]), RangeError);
  });
});
