/** Duets in which servers fail: what a head that crashes in a known share of its launches is called, and how often. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { exitCodeOf } from '../../harness/cli/compare-builds.ts';
import { judgeDuet, type DuetContext } from '../../harness/duet/judgement/judge.ts';
import { seededRandom, type Random } from '../../harness/plan/random.ts';
import type { DuetComparison, Verdict } from '../../harness/results/schema/comparison.ts';
import type { Contrast, LaunchOutcome, PlannedLaunch } from '../../harness/results/schema/duet-plan.ts';
import { printed } from '../../reports/outputs/outputs.ts';
import { reportOfDuet } from '../../reports/view/report.ts';
import { renderFiles } from '../reports/rendered.ts';
import { course, outcomeOf, plan } from './fixture.ts';

const recorded = JSON.parse(readFileSync(new URL('recorded-launches.json', import.meta.url), 'utf8')) as {
  readonly gates: readonly string[];
  readonly launches: readonly (readonly number[])[];
};

const CONTEXT: DuetContext = {
  runId: 'run',
  planHash: 'hash',
  base: { label: 'main', toolVersion: '1.0.0', startedAt: '2026-01-01T00:00:00.000Z' },
  head: { label: 'HEAD', toolVersion: '1.0.0', startedAt: '2026-01-01T00:00:00.000Z' },
  environmentDifferences: [],
  remarks: [],
  notCompared: [],
  tookMs: 60_000,
};

/** Shares of launches in which an arm fails. */
interface Failing {
  readonly base: number;
  readonly head: number;
}

/** A launch of equal builds as one was recorded, in which either arm may fail. */
function launchOf(random: Random, { contrast }: PlannedLaunch, failing: Failing): LaunchOutcome {
  const fails = (share: number): boolean => random.integer(0, 999_999) < share * 1e6;
  // Who fails first ends the launch for both.
  for (const arm of random.shuffled(['base', 'head'] as const)) {
    if (fails(arm === 'head' && contrast === 'head' ? failing.head : failing.base))
      return { status: 'failed', arm, reason: 'The server ended under load: exit code 7.' };
  }
  const drawn = recorded.launches[random.integer(0, recorded.launches.length - 1)]!;
  const sign = random.integer(0, 1) === 0 ? 1 : -1;
  const figures = (arm: 'base' | 'head', ids: readonly string[]) =>
    Object.fromEntries(
      ids.map((id) => {
        const worse = arm === 'base' ? 1 : Math.exp(sign * (drawn[recorded.gates.indexOf(id)] ?? 0));
        return [id, id === 'throughput' ? 100 / worse : 100 * worse];
      }),
    );
  const armOf = (arm: 'base' | 'head') => ({
    held: figures(arm, ['memory-per-connection']),
    slices: [figures(arm, ['cpu-per-exchange', 'throughput'])],
  });
  return { status: 'completed', base: armOf('base'), head: armOf('head') };
}

/** How often whole duets end in each verdict. */
async function verdicts(
  failing: Failing,
  duets: number,
  control = true,
): Promise<ReadonlyMap<Verdict, number>> {
  const random = seededRandom(7);
  const shares = new Map<Verdict, number>();
  for (let i = 0; i < duets; i++) {
    const { course: done } = await course(plan({ seed: i, control }), (launch) =>
      launchOf(random, launch, failing),
    );
    const { verdict } = done.analyses.at(-1)!.decision;
    shares.set(verdict, (shares.get(verdict) ?? 0) + 1 / duets);
  }
  return shares;
}

describe('a duet of equal costs', () => {
  for (const [share, least, passed] of [
    [0.2, 0.8, 0.1],
    [0.4, 0.98, 0.005],
  ] as const) {
    it(`finds a head that fails in ${share * 100} % of its launches`, async () => {
      const found = await verdicts({ base: 0, head: share }, 300);
      assert.ok((found.get('regression') ?? 0) >= least, JSON.stringify([...found]));
      assert.ok((found.get('no-change') ?? 0) <= passed, JSON.stringify([...found]));
    });
  }

  it('finds one that always fails once it is launched in earnest, and never a change of costs', async () => {
    const found = await verdicts({ base: 0, head: 1 }, 2);
    assert.equal(found.get('regression'), 1);
  });

  for (const share of [0.02, 0.2]) {
    it(`accuses no head whose base fails as often, in ${share * 100} % of launches: at most 5 %`, async () => {
      const found = await verdicts({ base: share, head: share }, 300);
      assert.ok((found.get('regression') ?? 0) <= 0.05, JSON.stringify([...found]));
      const alone = await verdicts({ base: share, head: share }, 150, false);
      assert.ok((alone.get('regression') ?? 0) <= 0.05, JSON.stringify([...alone]));
    });
  }

  it('calls a base that fails where the head does not an improvement, or too little to judge costs', async () => {
    const found = await verdicts({ base: 0.4, head: 0 }, 40);
    assert.equal(found.get('regression'), undefined);
    assert.ok(
      (found.get('improvement') ?? 0) + (found.get('invalid') ?? 0) > 0.5,
      JSON.stringify([...found]),
    );
  });
});

/** The comparison of a duet in which the launches of some rounds fail at their first attempt. */
async function judged(
  arm: (launch: PlannedLaunch) => 'base' | 'head' | 'both' | undefined,
  attempts?: (contrast: Contrast, name: 'base' | 'head') => Readonly<Record<string, number>>,
): Promise<DuetComparison> {
  const made = plan();
  const tried = new Set<number>();
  const { course: done } = await course(made, (launch): LaunchOutcome => {
    const failed = arm(launch);
    if (failed && !tried.has(launch.index)) {
      tried.add(launch.index);
      return { status: 'failed', arm: failed, reason: 'Only 49 of 50 clients completed.', clientsFailed: 1 };
    }
    const outcome = outcomeOf(launch, () => ({}));
    if (!attempts || outcome.status === 'failed') return outcome;
    const having = (name: 'base' | 'head') => ({
      ...outcome[name],
      attempts: { made: 10_000, failed: attempts(launch.contrast, name) },
    });
    return { ...outcome, base: having('base'), head: having('head') };
  });
  return judgeDuet(made, done, CONTEXT);
}

describe('the failures of a duet', () => {
  it('are counted by arm and never repeated away: launches, clients, and the reasons of the head', async () => {
    const { duet } = await judged(({ round, contrast }) =>
      contrast === 'head' && round % 3 === 0 ? 'head' : undefined,
    );
    const [failures] = duet.failures;
    assert.deepEqual(
      { verdict: duet.verdict, look: duet.look.number, head: failures!.head, base: failures!.base.failed },
      {
        verdict: 'regression',
        look: 1,
        head: { launches: 16, failed: 4, clientsFailed: 4, attempts: 0, errors: {} },
        base: 0,
      },
    );
    assert.equal(exitCodeOf(duet.verdict, false), 1);
    assert.equal(
      failures!.reason,
      '4 of 16 launches of the head failed, against 0 of 16 of the base and 0 of 24 of the control; adjusted p 0.0039 is within 0.01',
    );
    assert.deepEqual(failures!.reasons, ['Only 49 of 50 clients completed.']);
    assert.ok(duet.gates.every(({ verdict }) => verdict.verdict === 'no-change'));
  });

  it('of a head that failed once more are in doubt to the end: not "no change", and no accusation', async () => {
    const { duet } = await judged(({ round, contrast }) =>
      contrast === 'head' && round === 2 ? 'head' : undefined,
    );
    assert.deepEqual([duet.verdict, duet.look.number], ['inconclusive', 3]);
    assert.match(
      duet.failures[0]!.reason,
      /1 of 25 launches of the head .* may be chance \(adjusted p 0\.25/,
    );
  });

  it('of both arms alike are said and accuse nobody', async () => {
    const { duet } = await judged(({ round }) => (round % 4 === 0 ? 'both' : undefined));
    assert.equal(duet.verdict, 'no-change');
    assert.match(
      duet.failures[0]!.reason,
      /^3 of 15 launches of the head failed, against 3 of 15 of the base and 6 of 30 of the control; the head did not fail more often than the base$/,
    );
  });

  it('that are exchanges of launches that went on count too, by kind', async () => {
    const { duet } = await judged(
      () => undefined,
      (contrast, name) => (contrast === 'head' && name === 'head' ? { answer: 100 } : {}),
    );
    assert.equal(duet.verdict, 'regression');
    assert.match(
      duet.failures[0]!.reason,
      /^1(\.0)? % of the head's exchanges failed \(answer 1,200\), against 0 % of the base and 0 % of the control; adjusted p/,
    );
  });

  it('are none: then the share that could still be is said', async () => {
    const { duet } = await judged(() => undefined);
    assert.match(
      duet.failures[0]!.reason,
      /^nothing failed; that up to 26\.5 % of the head's launches fail is not excluded$/,
    );
  });

  it('stand first in every output', async () => {
    const comparison = await judged(({ round, contrast }) =>
      contrast === 'head' && round % 3 === 0 ? 'head' : undefined,
    );
    const report = reportOfDuet(comparison, []);
    const outputs = [
      await printed(report, 'text', 80),
      await printed(report, 'markdown', 80),
      (await renderFiles(report))['report.html'] ?? '',
    ];
    for (const text of outputs) {
      const [lead, table] = [
        /Regression: loop, failures: 4 of 16 launches/.exec(text),
        /loop, failures: regression\./.exec(text),
      ];
      const gates = text.search(/CPU per exchange/);
      assert.ok(lead && table && lead.index < gates && table.index < gates, text.slice(0, 500));
    }
    const json = JSON.parse(await printed(report, 'json', 80)) as DuetComparison;
    assert.equal(json.duet.failures[0]?.verdict, 'regression');
  });
});
