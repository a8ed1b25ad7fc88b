/** The decision rule over launches that were really made: how often whole comparisons end wrong. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { standardDeviation } from '../../harness/analysis/statistics/estimators/quantile.ts';
import {
  resampledLaunches,
  simulateDuet,
  type SimulatedRates,
} from '../../harness/analysis/statistics/duet/duet-simulation.ts';
import { readDuetConfig } from '../../harness/duet/read.ts';
import type { DuetConfig } from '../../harness/results/schema/duet-config.ts';

/** Figures to reach: of whole comparisons, all gates together. */
const MOST_FALSE_ALARMS = 0.01;
const LEAST_POWER = 0.95;

/** So many that a rate at its bar is told from one that is half as far again beyond it. */
const REPETITIONS = 2000;

interface Recorded {
  readonly gates: readonly string[];
  readonly launches: readonly (readonly number[])[];
}

const recorded = JSON.parse(
  readFileSync(new URL('recorded-launches.json', import.meta.url), 'utf8'),
) as Recorded;
let config: DuetConfig;

/** Whole comparisons by the committed rules, with so much more CPU per exchange in the head. */
function simulated(cpuEffect: number, launches = recorded.launches): SimulatedRates {
  return simulateDuet({
    gates: Object.entries(config.gates).map(([name, setting]) => ({ name, ...setting })),
    launch: resampledLaunches(
      launches,
      recorded.gates.map((id) => (id === 'cpu-per-exchange' ? cpuEffect : 1)),
    ),
    rule: config.rule,
    repetitions: REPETITIONS,
    seed: 1,
  });
}

before(async () => {
  config = await readDuetConfig(new URL('../../holdfast.duet.json', import.meta.url).pathname);
});

describe('the committed rules on recorded launches', () => {
  it('judge what was recorded: every gate, of launches that differ', () => {
    assert.deepEqual(recorded.gates, Object.keys(config.gates));
    assert.ok(recorded.launches.length >= 2 * config.rule.analyses.at(-1)!.launches);
    for (const i of recorded.gates.keys()) {
      const d = recorded.launches.map((launch) => launch[i]!);
      const sd = standardDeviation(d) ?? 0;
      assert.ok(d.every(Number.isFinite) && new Set(d).size > d.length / 2, recorded.gates[i]);
      assert.ok(sd > 0.005 && sd < 0.2, `${recorded.gates[i]}: a launch spreads by ${sd}`);
    }
  });

  it('raise a false alarm in at most 1 % of whole comparisons, and mostly say "no change"', () => {
    const { comparisons, meanLaunches } = simulated(1);
    assert.equal(comparisons.regression.of, REPETITIONS);
    assert.ok(comparisons.regression.rate <= MOST_FALSE_ALARMS, JSON.stringify(comparisons.regression));
    assert.ok(comparisons['no-change'].rate >= 0.9, JSON.stringify(comparisons['no-change']));
    assert.equal(comparisons.invalid.count, 0);
    assert.ok(meanLaunches < 18, String(meanLaunches));
  });

  it('find 5 % more CPU per exchange in at least 95 %, and 10 % always', () => {
    const five = simulated(1.05).gates[0]!.verdicts.regression;
    assert.ok(five.rate >= LEAST_POWER, JSON.stringify(five));
    const ten = simulated(1.1).gates[0]!.verdicts.regression;
    assert.equal(ten.count, REPETITIONS);
  });

  it('call 10 % less CPU per exchange an improvement or nothing, never a regression beyond the false alarms', () => {
    const { comparisons } = simulated(1 / 1.1);
    assert.ok(comparisons.regression.rate <= MOST_FALSE_ALARMS, JSON.stringify(comparisons.regression));
    assert.ok(comparisons.improvement.rate >= 0.9, JSON.stringify(comparisons.improvement));
  });

  it('find less where launches spread three times as widely: the figures above come from the launches', () => {
    const wide = recorded.launches.map((launch) => launch.map((d) => 3 * d));
    assert.ok(simulated(1.05, wide).gates[0]!.verdicts.regression.rate < LEAST_POWER);
  });
});
