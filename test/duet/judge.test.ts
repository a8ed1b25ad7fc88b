import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exitCodeOf } from '../../harness/cli/compare-builds.ts';
import type { DuetComparison } from '../../harness/results/schema/comparison.ts';
import { judgeDuet, type DuetContext } from '../../harness/duet/judgement/judge.ts';
import type { DuetRequest } from '../../harness/duet/planning/build-plan.ts';
import { EXIT } from '../../harness/errors.ts';
import { printed } from '../../reports/outputs/outputs.ts';
import { reportOfDuet, type Report } from '../../reports/view/report.ts';
import { renderFiles } from '../reports/rendered.ts';
import { course, outcomeOf, plan, SERVER, type Differences } from './fixture.ts';

const arm = (label: string) => ({ label, toolVersion: '1.0.0', startedAt: '2026-01-01T00:00:00.000Z' });

const CONTEXT: DuetContext = {
  runId: 'run',
  planHash: 'hash',
  base: arm('main'),
  head: arm('HEAD'),
  environmentDifferences: [],
  remarks: [],
  notCompared: [],
  tookMs: 60_000,
};

async function judged(
  differences: Differences,
  {
    context = {},
    request = {},
    spread = 0.02,
  }: { context?: Partial<DuetContext>; request?: Partial<DuetRequest>; spread?: number } = {},
): Promise<DuetComparison> {
  const made = plan(request);
  const { course: done } = await course(made, (launch) => outcomeOf(launch, differences, spread));
  return judgeDuet(made, done, { ...CONTEXT, ...context });
}

const ofHead =
  (differences: Readonly<Record<string, number>>): Differences =>
  ({ contrast }) =>
    contrast === 'head' ? differences : {};

describe('the comparison of a duet', () => {
  it('tells effects as head over base, whichever way is worse', async () => {
    const { effects, duet } = await judged(ofHead({ 'cpu-per-exchange': 1.1, throughput: 1.25 }));
    const [cpu, throughput] = effects;
    assert.equal(duet.verdict, 'regression');
    assert.ok(Math.abs(cpu!.size!.value - 1.1) < 0.03, `${cpu!.size!.value}`);
    assert.ok(Math.abs(throughput!.size!.value - 0.8) < 0.03, `${throughput!.size!.value}`);
    assert.ok(throughput!.size!.interval!.low < 0.8 && throughput!.size!.interval!.high > 0.79);
    assert.ok(Math.abs(throughput!.evidence!.effect - 1.25) < 0.04);
    assert.ok(Math.abs(cpu!.base!.median - 100) < 1e-9);
  });

  it('says at which interim analysis it was decided, with n, interval and reason of every gate', async () => {
    const { effects, duet } = await judged(ofHead({}));
    assert.deepEqual(duet.look, { number: 1, of: 3, alpha: 0.01, launches: 12 });
    for (const effect of effects) {
      assert.equal(effect.verdict, 'no-change');
      assert.equal(effect.base!.n, 12);
      assert.ok(effect.size!.interval !== null && effect.reason.length > 0);
    }
    assert.equal(duet.launches.completed, 24);
    assert.ok(
      duet.gates.every(({ d, controlD, spread }) => d.length === 12 && controlD.length === 12 && spread! > 0),
    );
  });

  it('names the smallest effect that could have been seen where it is inconclusive', async () => {
    const { effects } = await judged(ofHead({}), { spread: 0.4 });
    assert.match(effects[0]!.reason, /would have been seen/);
  });

  it('is invalid where the environment changed under it, whatever was found', async () => {
    const { duet, effects } = await judged(ofHead({}), {
      context: { environmentDifferences: ['somaxconn: 128 against 4096'] },
    });
    assert.equal(duet.verdict, 'invalid');
    assert.match(effects[0]!.reason, /environment changed.*somaxconn/);
  });

  it('is invalid where it was stopped before the first interim analysis', async () => {
    const made = plan();
    const stop = new AbortController();
    const { course: done } = await course(
      made,
      (launch) => {
        if (launch.round === 5) stop.abort('SIGINT');
        return outcomeOf(launch, () => ({}));
      },
      stop.signal,
    );
    const { duet, effects } = judgeDuet(made, done, CONTEXT);
    assert.equal(duet.verdict, 'invalid');
    assert.equal(duet.aborted, true);
    assert.match(effects[0]!.reason, /stopped after [45] of the 12 launches/);
  });

  it('says that it was an A/A, and that it was measured in turn', async () => {
    const inTurn = {
      ...SERVER,
      arrangement: 'in-turn' as const,
      arrangedBecause: 'only one core is available',
    };
    const { remarks, duet } = await judged(() => ({}), {
      request: { identical: true, control: false, subjects: [inTurn] },
    });
    assert.equal(duet.verdict, 'no-change');
    assert.match(remarks.join('\n'), /same build, so this is an A\/A comparison/);
    assert.match(remarks.join('\n'), /in turn: only one core is available/);
  });

  it('prints how often it errs on launches like these', async () => {
    const { duet } = await judged(ofHead({}));
    const { falseAlarms, power } = duet.errorRates!;
    assert.ok(falseAlarms.rate <= 0.05);
    assert.deepEqual(
      power.map(({ effect }) => effect),
      [1.05, 1.1],
    );
    assert.ok(power.at(-1)!.found.rate > 0.9);
  });
});

describe('the exit code of a duet', () => {
  it('fails on a regression, keeps unfit measurements apart, and is strict about doubt only where asked', () => {
    assert.equal(exitCodeOf('regression', false), EXIT.failed);
    assert.equal(exitCodeOf('no-change', true), EXIT.ok);
    assert.equal(exitCodeOf('improvement', true), EXIT.ok);
    assert.equal(exitCodeOf('inconclusive', false), EXIT.ok);
    assert.equal(exitCodeOf('inconclusive', true), EXIT.inconclusive);
    assert.equal(exitCodeOf('invalid', false), EXIT.unfit);
  });
});

/** A duet as it is printed, and its page. */
async function forms(report: Report): Promise<Record<'text' | 'markdown' | 'page', string>> {
  return {
    text: await printed(report, 'text', 80),
    markdown: await printed(report, 'markdown', 80),
    page: (await renderFiles(report))['report.html'] ?? '',
  };
}

describe('the reports of a duet', () => {
  it('say the verdict of every gate, with its figures, as text, Markdown and HTML', async () => {
    const comparison = await judged(ofHead({ 'cpu-per-exchange': 1.1 }));
    for (const text of Object.values(await forms(reportOfDuet(comparison, ['npx', 'holdfast', 'duet'])))) {
      assert.match(text, /Regression: loop, CPU per exchange \+?(&#43;)?(10|9|11)/);
      assert.match(text, /no change/);
      assert.match(text, /false alarm/);
    }
  });

  it('stay inert with hostile names in every place', async () => {
    const hostile = '<script>alert(1)</script>|`"\u001b[31m';
    const comparison = await judged(ofHead({}), {
      context: {
        base: arm(hostile),
        head: arm(hostile),
        remarks: [hostile],
        notCompared: [{ scenario: hostile, server: hostile, why: hostile }],
      },
    });
    const made = await forms(reportOfDuet(comparison, ['npx', hostile]));
    assert.ok(!made.page.includes('<script'));
    assert.ok(!made.markdown.split('### Compare again')[0]!.includes('<script'));
    for (const text of Object.values(made)) assert.ok(!text.includes('\u001b'));
  });

  it('can be drawn of a duet that measured nothing', async () => {
    const made = plan();
    const { course: done } = await course(made, () => ({
      status: 'failed',
      arm: 'both',
      reason: 'no generator',
    }));
    const { page, text } = await forms(reportOfDuet(judgeDuet(made, done, CONTEXT), []));
    assert.match(page, /not measured/);
    assert.match(text, /Invalid: /);
  });
});
