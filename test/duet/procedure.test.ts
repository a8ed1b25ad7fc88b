import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reasonInWords } from '../../harness/duet/judgement/phrases.ts';
import { course, outcomeOf, plan, type Differences } from './fixture.ts';

const same: Differences = () => ({});
const cpu =
  (ratio: number): Differences =>
  ({ contrast }): Readonly<Record<string, number>> =>
    contrast === 'head' ? { 'cpu-per-exchange': ratio } : {};

async function verdictOf(differences: Differences, spread?: number) {
  const { course: done } = await course(plan(), (launch) => outcomeOf(launch, differences, spread));
  const last = done.analyses.at(-1);
  return { verdict: last?.decision.verdict, analyses: done.analyses.length, launches: last?.launches };
}

describe('the sequential procedure', () => {
  it('finds no change at the first interim analysis where nothing changed', async () => {
    assert.deepEqual(await verdictOf(same), { verdict: 'no-change', analyses: 1, launches: 12 });
  });

  it('ends at the first interim analysis that finds a regression', async () => {
    assert.deepEqual(await verdictOf(cpu(1.1)), { verdict: 'regression', analyses: 1, launches: 12 });
  });

  it('finds an improvement', async () => {
    assert.equal((await verdictOf(cpu(0.9))).verdict, 'improvement');
  });

  it('goes on to the last interim analysis while it cannot tell, and then says so', async () => {
    assert.deepEqual(await verdictOf(same, 0.4), { verdict: 'inconclusive', analyses: 3, launches: 24 });
  });

  it('calls everything invalid where the base differs from a copy of itself', async () => {
    const { course: done } = await course(plan(), (launch) =>
      outcomeOf(launch, ({ contrast }) =>
        contrast === 'control' ? { throughput: 1.2 } : { 'cpu-per-exchange': 1.2 },
      ),
    );
    const { decision } = done.analyses.at(-1)!;
    assert.equal(decision.verdict, 'invalid');
    assert.match(
      reasonInWords(decision.gates[0]!),
      /base differs from a copy of itself by \+19.* in loop: throughput/,
    );
  });

  it('calls an A/A invalid where the same builds are found to differ, never a regression', async () => {
    const same = plan({ identical: true, control: false });
    const { course: done } = await course(same, (launch) => outcomeOf(launch, cpu(1.2)));
    assert.equal(done.analyses.at(-1)!.decision.verdict, 'invalid');
    assert.match(reasonInWords(done.analyses.at(-1)!.decision.gates[0]!), /both arms are the same build/i);
  });

  it('makes a launch that failed again, and keeps both in the journal', async () => {
    let failed = 0;
    const { course: done, journal } = await course(plan(), (launch) =>
      launch.index === 5 && failed++ === 0
        ? { status: 'failed', arm: 'base', reason: 'stalled' }
        : outcomeOf(launch, same),
    );
    assert.equal(done.analyses.at(-1)!.decision.verdict, 'no-change');
    assert.deepEqual(
      journal.filter(({ launch }) => launch.index === 5).map(({ status, attempt }) => [status, attempt]),
      [
        ['failed', 1],
        ['completed', 2],
      ],
    );
  });

  it('leaves a launch out that failed twice, and judges the others', async () => {
    const { course: done, journal } = await course(plan(), (launch) =>
      launch.index === 5 ? { status: 'failed', arm: 'both', reason: 'stalled' } : outcomeOf(launch, same),
    );
    assert.equal(journal.filter(({ launch }) => launch.index === 5).length, 2);
    const { decision, control } = done.analyses.at(-1)!;
    assert.deepEqual(new Set([decision, control].map((each) => each!.gates[0]!.n)), new Set([11, 12]));
  });

  it('calls a head that fails in every launch a regression, and its costs invalid', async () => {
    const { course: done } = await course(plan(), (launch) =>
      launch.contrast === 'head'
        ? { status: 'failed', arm: 'head', reason: 'The server ended under load: exit code 7.' }
        : outcomeOf(launch, same),
    );
    const { decision } = done.analyses.at(-1)!;
    assert.equal(decision.verdict, 'regression');
    assert.deepEqual(
      decision.gates.map(({ verdict }) => verdict),
      ['invalid', 'invalid', 'invalid'],
    );
    assert.equal(reasonInWords(decision.gates[0]!), 'measured in 0 of 12 launches');
  });

  it('calls a head that fails a regression even where the control shows that costs cannot be trusted', async () => {
    const { course: done } = await course(plan(), (launch) =>
      launch.contrast === 'head'
        ? { status: 'failed', arm: 'head', reason: 'crashed' }
        : outcomeOf(launch, () => ({ throughput: 1.2 })),
    );
    assert.equal(done.analyses.at(-1)!.decision.verdict, 'regression');
  });

  it('calls an A/A invalid in which one of the equal builds fails more often', async () => {
    const { course: done } = await course(plan({ identical: true, control: false }), (launch) =>
      launch.round <= 8 ? { status: 'failed', arm: 'head', reason: 'crashed' } : outcomeOf(launch, same),
    );
    assert.equal(done.analyses.at(-1)!.decision.verdict, 'invalid');
  });

  it('calls a metric invalid that a launch did not carry', async () => {
    const { course: done } = await course(plan(), (launch) => {
      const outcome = outcomeOf(launch, same);
      if (launch.round !== 3 || outcome.status !== 'completed') return outcome;
      const [first, ...rest] = outcome.head.slices;
      const { throughput: _, ...without } = first!;
      return { ...outcome, head: { ...outcome.head, slices: [without, ...rest] } };
    });
    const verdicts = done.analyses.at(-1)!.decision.gates.map(({ verdict }) => verdict);
    assert.deepEqual(verdicts, ['no-change', 'invalid', 'no-change']);
  });

  it('stops at once when it is aborted, and keeps the launches that were finished', async () => {
    const stop = new AbortController();
    const { course: done, journal } = await course(
      plan(),
      (launch) => {
        if (launch.index === 7) {
          stop.abort('SIGINT');
          throw new Error('the launch was stopped');
        }
        return outcomeOf(launch, same);
      },
      stop.signal,
    );
    assert.equal(done.aborted, true);
    assert.equal(journal.length, 7);
    assert.equal(done.analyses.length, 0);
  });

  it('throws what is a defect', async () => {
    await assert.rejects(
      course(plan(), () => {
        throw new TypeError('a defect');
      }),
      /a defect/,
    );
  });
});
