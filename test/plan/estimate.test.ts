/** The estimate of a run's time and the time left, on a recorded run: its trials' phases stand for a clock. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from '../property.ts';
import { costsOf, estimatePlan, mergedCosts, TimeLeft } from '../../harness/plan/estimate.ts';
import { REFERENCE_START_MS, usualCost } from '../../harness/plan/usual-costs.ts';
import type { Plan, PlannedScenario, PlannedServer } from '../../harness/results/schema/plan.ts';

/** A default sweep of two cores; a row a trial: server, clients, repetition, deadline, and the phases in ms. */
interface Recorded {
  readonly servers: readonly PlannedServer[];
  readonly scenario: PlannedScenario;
  readonly clients: readonly number[];
  readonly trialsPerCell: number;
  readonly seed: number;
  readonly trials: readonly (readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ])[];
}

const recorded = JSON.parse(readFileSync(new URL('recorded-run.json', import.meta.url), 'utf8')) as Recorded;

const { servers, scenario, clients, trialsPerCell, seed } = recorded;

const plan: Plan = {
  schema: 1,
  servers,
  scenarios: [scenario],
  clients,
  trialsPerCell,
  seed,
  rampMs: 0,
  trials: recorded.trials.map(([server, level, repetition, deadlineMs], index) => ({
    index,
    server: servers[server]!.name,
    scenario: scenario.id,
    clients: level,
    repetition,
    seed: index,
    deadlineMs,
  })),
};

const results = recorded.trials.map(([, , , , ...ms], i) => {
  const [spawnMs, readyMs, prepareMs, loadMs, stopMs] = ms;
  return {
    trial: plan.trials[i]!,
    phases: { spawnMs, readyMs, prepareMs, loadMs, stopMs },
    status: 'completed' as const,
  };
});

const tookMs = results.map(({ phases }) => Object.values(phases).reduce((sum, ms) => sum + ms, 0));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const within = (value: number, truth: number, share: number): void =>
  assert.ok(Math.abs(value / truth - 1) <= share, `${value} against ${truth}`);

describe('the estimate of a run', () => {
  it('is within 25 % for a default run on a machine on which nothing was measured yet', () => {
    const { trialMs, known } = estimatePlan(plan, [], REFERENCE_START_MS);
    assert.equal(known, 0);
    within(sum(trialMs), sum(tookMs), 0.25);
    for (const { name } of servers) {
      const own = (times: readonly number[]) => sum(times.filter((_, i) => plan.trials[i]!.server === name));
      within(own(trialMs), own(tookMs), 0.5);
    }
  });

  it('is twice as long for servers that start twice as slowly, save for what clients wait', () => {
    for (const server of servers) {
      const [usual, slower] = [1, 2]
        .map((factor) => factor * REFERENCE_START_MS)
        .map((startMs) => usualCost(server, scenario, 1, startMs));
      assert.equal(slower!.lifeMs, 2 * usual!.lifeMs);
      assert.ok(slower!.loadMs < 2 * usual!.loadMs);
    }
  });

  it('is within 5 % once a run was measured here, and within 25 % for levels between and other numbers of trials', () => {
    const known = costsOf(plan, results);
    const again = estimatePlan(plan, known, REFERENCE_START_MS);
    assert.equal(again.known, 1);
    within(sum(again.trialMs), sum(tookMs), 0.05);
    const every = new Set(clients.filter((_, i) => i % 2 === 0));
    const half = costsOf(
      plan,
      results.filter(({ trial }) => every.has(trial.clients)),
    );
    const between = plan.trials.flatMap(({ clients: level }, i) => (every.has(level) ? [] : [i]));
    const { trialMs } = estimatePlan(plan, half, REFERENCE_START_MS);
    within(sum(between.map((i) => trialMs[i]!)), sum(between.map((i) => tookMs[i]!)), 0.25);
  });

  it('takes the newer figure of a level, keeps the others, and forgets what was measured longest ago', () => {
    const level = (at: number, loadMs: number) => ({ clients: at, lifeMs: 1, loadMs });
    assert.deepEqual(
      mergedCosts([{ key: 'a', levels: [level(1, 5), level(9, 5)] }], [{ key: 'a', levels: [level(1, 7)] }]),
      [{ key: 'a', levels: [level(1, 7), level(9, 5)] }],
    );
    const many = Array.from({ length: 300 }, (_, i) => ({ key: String(i), levels: [level(1, 1)] }));
    const kept = mergedCosts(many, [{ key: 'new', levels: [level(1, 1)] }]);
    assert.deepEqual([kept.length, kept.at(-1)?.key], [200, 'new']);
  });

  it('counts what warms a server up, where a trial does so', () => {
    const with500 = plan.trials.findIndex(({ clients: level }) => level === 500);
    const warm = (parts: Partial<Plan['trials'][number]>, warmedBy?: PlannedScenario['warmedBy']): number => {
      const trials = plan.trials.map((trial, i) => (i === with500 ? { ...trial, ...parts } : trial));
      const scenarios = [warmedBy ? { ...scenario, warmedBy } : scenario];
      return estimatePlan({ ...plan, trials, scenarios }, [], REFERENCE_START_MS).trialMs[with500]!;
    };
    assert.ok(warm({ warmLoad: true }) > warm({}) + 550);
    assert.equal(warm({}, { kind: 'time', ms: 300 }), warm({}) + 350);
    const trial = { ...plan.trials[with500]!, warmLoad: true as const };
    const seen = { ...results[with500]!, trial, phases: { ...results[with500]!.phases, warmMs: 9000 } };
    const known = costsOf(plan, [seen]);
    const { trialMs } = estimatePlan(
      { ...plan, trials: plan.trials.with(with500, trial) },
      known,
      REFERENCE_START_MS,
    );
    within(trialMs[with500]!, tookMs[with500]! + 9000, 1e-9);
  });

  it('is a time for any server, scenario and level', () => {
    const analytic = fc.constantFrom<PlannedServer['analytic']>(
      undefined,
      { kind: 'iterative' },
      { kind: 'pool', slots: 8 },
    );
    fc.assert(
      fc.property(
        analytic,
        fc.constantFrom('ts', 'c', 'any'),
        fc.constantFrom('fork', 'thread', 'custom'),
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 0, max: 60_000 }),
        (kind, language, model, level, idealMs) => {
          const { analytic: _, processes: __, ...server } = servers[0]!;
          const made = { ...server, ...(kind ? { analytic: kind } : {}), language, model };
          const cost = usualCost(made, { ...scenario, idealMs }, level, REFERENCE_START_MS);
          assert.ok(cost.lifeMs > 0 && cost.loadMs >= idealMs && Number.isFinite(cost.loadMs));
        },
      ),
    );
  });
});

describe('the time left', () => {
  /** The relative errors of the time left after each of these shares of the run's time. */
  function errorsOf(factor: number): number[] {
    const estimate = estimatePlan(plan, [], REFERENCE_START_MS);
    const left = new TimeLeft(plan, { ...estimate, trialMs: estimate.trialMs.map((ms) => ms * factor) });
    const total = sum(tookMs);
    let clockMs = 0;
    const errors: number[] = [];
    for (const [i, ms] of tookMs.entries()) {
      errors.push(Math.abs(left.leftMs() - (total - clockMs)) / total);
      left.finished(plan.trials[i]!, ms);
      clockMs += ms;
    }
    assert.equal(left.leftMs(), 0);
    return errors;
  }

  it('converges, whether the estimate was right, half or twice of what it takes', () => {
    for (const factor of [1, 0.5, 2]) {
      const errors = errorsOf(factor);
      const worst = (from: number, to: number): number =>
        Math.max(...errors.slice(Math.floor(from * errors.length), Math.floor(to * errors.length)));
      const parts = [worst(0, 0.05), worst(0.25, 0.5), worst(0.5, 0.75), worst(0.75, 1)];
      assert.ok(
        parts[1]! <= 0.15 && parts[2]! <= 0.06 && parts[3]! <= 0.03,
        JSON.stringify({ factor, parts }),
      );
      if (factor !== 1) assert.ok(parts[1]! < parts[0]! / 2, JSON.stringify({ factor, parts }));
    }
  });
});
