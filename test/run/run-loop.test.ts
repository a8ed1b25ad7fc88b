import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Plan, Trial } from '../../harness/results/schema/plan.ts';
import type { TrialResult } from '../../harness/results/schema/trial.ts';
import { runPlan, type RunEvent, type RunLoop } from '../../harness/run/run-loop.ts';

function planOf(count: number): Plan {
  const trials = Array.from({ length: count }, (_, index): Trial => ({
    index,
    server: 'a',
    scenario: 's',
    clients: 1,
    repetition: index + 1,
    seed: index,
    deadlineMs: 1000,
  }));
  return {
    schema: 1,
    seed: 1,
    servers: [
      {
        name: 'a',
        title: 'a',
        language: 'ts',
        model: 'm',
        commands: {},
        announces: false,
        stopSignal: 'SIGTERM',
      },
    ],
    scenarios: [
      {
        id: 's',
        title: 's',
        module: 'builtin:s',
        parameters: {},
        idealMs: 1,
        warmupMs: 0,
        holds: false,
        headline: 'elapsed',
        metrics: [],
      },
    ],
    clients: [1],
    trialsPerCell: count,
    rampMs: 0,
    trials,
  };
}

function failed(trial: Trial): TrialResult {
  return {
    schema: 1,
    trial,
    startedAt: '',
    startedMs: 0,
    phases: { spawnMs: 0, readyMs: 0, prepareMs: 0, loadMs: 0, stopMs: 0 },
    status: 'failed',
    failure: { kind: 'spawn', message: 'no' },
  };
}

function loop(overrides: Partial<RunLoop> & Pick<RunLoop, 'plan'>): {
  loop: RunLoop;
  written: TrialResult[];
  events: RunEvent[];
} {
  const written: TrialResult[] = [];
  const events: RunEvent[] = [];
  let clock = 0;
  return {
    written,
    events,
    loop: {
      finished: [],
      journal: { append: (value) => void written.push(value as TrialResult) },
      measure: async (trial) => failed(trial),
      more: () => [],
      onEvent: (event) => void events.push(event),
      now: () => (clock += 5),
      ...overrides,
    },
  };
}

describe('the run loop', () => {
  it('measures every trial in the order of the plan and writes each before the next begins', async () => {
    const order: string[] = [];
    const { loop: run, written } = loop({
      plan: planOf(3),
      measure: async (trial) => {
        order.push(`measure ${trial.index} after ${written.length} written`);
        return failed(trial);
      },
    });
    const results = await runPlan(run, new AbortController().signal);
    assert.deepEqual(order, [
      'measure 0 after 0 written',
      'measure 1 after 1 written',
      'measure 2 after 2 written',
    ]);
    assert.deepEqual(results, written);
  });

  it('goes on after a failed trial and tells of each', async () => {
    const { loop: run, events } = loop({ plan: planOf(2) });
    await runPlan(run, new AbortController().signal);
    assert.deepEqual(
      events.map(({ kind, done, total }) => [kind, done, total]),
      [
        ['trial-started', 0, 2],
        ['trial-ended', 1, 2],
        ['trial-started', 1, 2],
        ['trial-ended', 2, 2],
      ],
    );
  });

  it('does not repeat trials that an interrupted run had finished', async () => {
    const plan = planOf(3);
    const [first] = plan.trials;
    assert.ok(first);
    const { loop: run, written } = loop({ plan, finished: [failed(first)] });
    const results = await runPlan(run, new AbortController().signal);
    assert.deepEqual(
      written.map(({ trial }) => trial.index),
      [1, 2],
    );
    assert.equal(results.length, 3);
  });

  it('keeps what is finished and does not write the trial in which it was stopped', async () => {
    const stop = new AbortController();
    const { loop: run, written } = loop({
      plan: planOf(3),
      measure: async (trial) => {
        if (trial.index === 0) return failed(trial);
        stop.abort('SIGINT');
        const { status: _status, ...common } = failed(trial);
        return { ...common, status: 'aborted', reason: 'SIGINT' };
      },
    });
    const results = await runPlan(run, stop.signal);
    assert.deepEqual(
      written.map(({ trial }) => trial.index),
      [0],
    );
    assert.equal(results.length, 1);
  });

  it('adds trials as long as the precision rule asks for more', async () => {
    const plan = planOf(1);
    const [first] = plan.trials;
    assert.ok(first);
    const { loop: run } = loop({
      plan,
      more: (results) =>
        results.length < 3 ? [{ ...first, index: results.length, repetition: results.length + 1 }] : [],
    });
    assert.equal((await runPlan(run, new AbortController().signal)).length, 3);
  });

  it('ends with the error of a journal that cannot be written, what was written before being kept', async () => {
    const { loop: run } = loop({
      plan: planOf(2),
      journal: {
        append: () => {
          throw new Error('The disk is full');
        },
      },
    });
    await assert.rejects(runPlan(run, new AbortController().signal), /The disk is full/);
  });
});
