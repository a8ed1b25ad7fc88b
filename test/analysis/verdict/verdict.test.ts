import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { summarise } from '../../../harness/analysis/summarise.ts';
import type { Trial } from '../../../harness/results/schema/plan.ts';
import { failedCheck, fakeRun, fakeScenario, fakeServer, type Outcome, type RunOptions } from '../fixture.ts';

/** The offset of a trial around the middle, from −2.5 % to +2.5 %: every server and level in an order of its own. */
function spread({ server, repetition, clients }: Trial): number {
  const turn = server.charCodeAt(0) + clients;
  return (((repetition * (turn % 2 === 0 ? 1 : 5) + turn) % 6) - 2.5) / 100;
}

interface Sweep extends Partial<RunOptions> {
  /** Elapsed time of each server by number of clients; `null` is a trial that fails. */
  readonly elapsed: Readonly<
    Record<string, (clients: number, repetition: number) => number | null | Outcome>
  >;
}

/** The sentences of a sweep: common ones, then those of the servers by name. */
function verdict({ elapsed, ...options }: Sweep) {
  const run = fakeRun({
    servers: Object.keys(elapsed).map((name) => fakeServer(name)),
    ...options,
    measure: (trial) => {
      const { server, clients, repetition } = trial;
      const outcome = elapsed[server]?.(clients, repetition) ?? null;
      if (outcome === null) return { failure: 'it crashed' };
      return typeof outcome === 'number' ? { elapsedMs: outcome * (1 + spread(trial)) } : outcome;
    },
  });
  const sentences = summarise(run).verdict;
  return {
    common: sentences.filter(({ server }) => server === undefined).map(({ text }) => text),
    of: (name: string) => sentences.find(({ server }) => server === name)?.text ?? '',
  };
}

describe('the verdict', () => {
  test('begins with who held the most clients best, with figures, and who is next', () => {
    const { common } = verdict({ clients: [10, 100], elapsed: { loop: () => 200, fork: (n) => 200 + n } });
    assert.equal(
      common[0],
      'loop held 100 clients best: elapsed 200 ms (195 to 205 ms); the nearest behind loop is fork with 300 ms (293 to 308 ms), 50 % more.',
    );
  });

  test('says plainly where no difference can be told', () => {
    const { common } = verdict({ clients: [10, 100], elapsed: { a: () => 200, b: () => 201, c: () => 900 } });
    assert.match(
      common[0] ?? '',
      /^a and b held 100 clients best, and the run cannot tell which of them is best: elapsed from 200 ms \(195 to 205 ms\) \(a\) to 201 ms .* \(b\); the nearest behind a is c/,
    );
    assert.match(
      common[1] ?? '',
      /^With 6 trials this run tells differences from [\d.]+ % on at 100 clients; \d+ trials would tell [\d.]+ %\.$/,
    );
    assert.equal(
      common[2],
      'From 10 to 100 clients no server is ahead of all others: a and b are among the best throughout.',
    );
  });

  test('a server that lost clients is not ahead, however soon it was done', () => {
    const { common, of } = verdict({
      clients: [10, 100],
      elapsed: {
        iterative: (n) => (n === 10 ? 200 : { elapsedMs: 50, lost: 90 }),
        loop: () => 300,
      },
    });
    assert.equal(common[0], 'Only loop held 100 clients: elapsed 300 ms (293 to 308 ms).');
    assert.equal(common[1], 'Not compared with 100 clients: iterative (clients were lost).');
    assert.match(
      of('iterative'),
      /^iterative held up to 10 clients without an error or a loss; at 100: 90 % lost, elapsed 50 ms/,
    );
    assert.match(
      of('loop'),
      /^loop held up to 100 clients without an error or a loss; at 100: elapsed 300 ms/,
    );
  });

  test('where nobody held the most clients, it says so and answers for the most that somebody held', () => {
    const { common } = verdict({
      clients: [10, 100],
      elapsed: {
        a: (n) => (n === 10 ? 200 : { elapsedMs: 50, lost: 90 }),
        b: (n) => (n === 10 ? 400 : { elapsedMs: 50, lost: 5, failed: 5 }),
      },
    });
    assert.equal(
      common[0],
      'No server served 100 clients without an error or a loss; b lost or failed fewest, 10 %. ' +
        'a held 10 clients best: elapsed 200 ms (195 to 205 ms); the nearest behind a is b with 400 ms (390 to 410 ms), 2 times as much.',
    );
  });

  test('names the range of clients for which a server is ahead, and where another overtakes it', () => {
    const { common } = verdict({
      clients: [1, 10, 100, 1000],
      elapsed: { iterative: (n) => 10 * n, fork: (n) => 100 + n },
    });
    assert.deepEqual(common.slice(2, 5), [
      'From 1 to 10 clients iterative is ahead of all others.',
      'From 100 to 1,000 clients fork is ahead of all others.',
      'With more clients iterative is overtaken by fork between 10 and 100 clients (the lines meet near 11).',
    ]);
  });

  test('where a figure is 0, no order is claimed', () => {
    const updates = {
      id: 'lost-updates',
      title: 'lost updates',
      unit: 'count',
      direction: 'lower',
      description: 'Updates that were lost.',
      source: { from: 'counter', name: 'lost' },
    } as const;
    const { common } = verdict({
      clients: [10],
      scenarios: [fakeScenario({ headline: 'lost-updates', metrics: [updates] })],
      elapsed: {
        a: () => ({ elapsedMs: 100, counters: { lost: 0 } }),
        b: () => ({ elapsedMs: 100, counters: { lost: 50 } }),
      },
    });
    assert.match(common[0] ?? '', /^With 10 clients no order is claimed: where a figure is 0/);
  });

  test('a higher-is-better headline is read the other way round', () => {
    const { common } = verdict({
      clients: [10],
      scenarios: [fakeScenario({ headline: 'throughput' })],
      elapsed: { slow: () => 400, fast: () => 100 },
    });
    assert.match(
      common[0] ?? '',
      /^fast held 10 clients best: throughput 1,000\/s \(976 to 1,030\/s\); the nearest behind fast is slow with 250\/s/,
    );
  });

  test('under six trials it compares ranges, and says that they are ranges', () => {
    const { common } = verdict({ clients: [10], trialsPerCell: 3, elapsed: { a: () => 100, b: () => 200 } });
    assert.match(common[0] ?? '', /^a held 10 clients best/);
    assert.match(common.at(-1) ?? '', /^In brackets: smallest to largest of 3 trials/);
  });

  test('between single trials it tells no difference', () => {
    const { common } = verdict({ clients: [10], trialsPerCell: 1, elapsed: { a: () => 100, b: () => 900 } });
    assert.match(
      common[0] ?? '',
      /^a and b held 10 clients best, and the run cannot tell which of them is best, because each has a single trial/,
    );
    assert.match(common.at(-1) ?? '', /single trial/);
  });

  test('does not take a server with a single valid trial for one of the best', () => {
    const once = (_: number, repetition: number) => (repetition === 1 ? 900 : ('missing' as const));
    const { common } = verdict({ clients: [10], elapsed: { a: () => 100, b: () => 200, once } });
    assert.match(common[0] ?? '', /^a held 10 clients best: .*; the nearest behind a is b with/);
    assert.equal(common[1], 'Not compared with 10 clients: once (there is a single valid trial).');
  });

  test('what a server costs stands beside what it reaches', () => {
    const { of, common } = verdict({
      clients: [100],
      elapsed: {
        fork: () => ({
          elapsedMs: 100,
          cpuNs: 1000 * 28_000,
          processes: 101,
          threads: 707,
          peakRssBytes: 1.04e9,
        }),
        loop: () => ({ elapsedMs: 100, cpuNs: 1000 * 5000 }),
      },
    });
    assert.equal(
      of('fork'),
      'fork held up to 100 clients without an error or a loss; at 100: elapsed 100 ms, ' +
        'CPU per exchange (cold) 28 µs, peak PSS 1.04 GB, 101 processes, 707 threads.',
    );
    assert.ok(
      common.includes(
        'Lowest cost at 100 clients: CPU per exchange (cold) of loop, 5 µs; peak PSS of loop, 50 MB.',
      ),
      common.join('\n'),
    );
  });

  test('a server with errors is never best, and its sentence says what failed', () => {
    const flaw = {
      errors: { answer: 12 },
      firstErrors: [{ kind: 'answer', message: '503 Service Unavailable' }],
    } as const;
    const { common, of } = verdict({
      clients: [10],
      trialsPerCell: 3,
      elapsed: {
        quick: (_, repetition) => ({ elapsedMs: 10 + repetition, ...flaw }),
        slow: () => 900,
        slower: () => 2000,
      },
    });
    assert.match(common[0] ?? '', /^slow held 10 clients best: .*; the nearest behind slow is slower/);
    assert.equal(common[1], 'Not compared with 10 clients: quick (exchanges or connections failed).');
    assert.match(
      of('quick'),
      /^quick had errors from the first level on \(10\); .*; 36 exchanges or connections failed, 9\.8 % of all: 36 answer \("503 Service Unavailable"\)\.$/,
    );
  });

  test('"held" is said only of a server that held all of them at once in every trial', () => {
    const atOnce = (least: number) => (_: number, repetition: number) => ({
      elapsedMs: 100 + repetition,
      peakEstablished: repetition === 2 ? least : 10,
    });
    const whole = verdict({ clients: [10], elapsed: { a: atOnce(10) } });
    assert.match(whole.common[0] ?? '', /^a held 10 clients: elapsed/);
    const part = verdict({ clients: [10], elapsed: { a: atOnce(4) } });
    assert.match(part.common[0] ?? '', /^a served 10 clients: elapsed/);
    assert.match(part.of('a'), /^a served up to 10 clients .* at 10: 4 to 10 connected at once at the peak/);
  });

  test('over all levels together it tells what no level tells alone', () => {
    const wobble = (server: number) => (clients: number, repetition: number) =>
      (100 + server * 8) *
      (1 + 0.05 * Math.sin(13 * server + 7.3 * clients + 29.1 * repetition * repetition));
    const levels = [1, 2, 5, 10, 20, 50, 100, 200, 500];
    const { common } = verdict({
      clients: levels,
      trialsPerCell: 3,
      elapsed: { a: wobble(0), b: wobble(0.01), c: wobble(1.5) },
    });
    const overall = common.find((text) => text.startsWith('Over all')) ?? common.join('\n');
    assert.match(
      overall,
      /^Over all 9 levels together [ab] is best on average; behind it: c \(worse by 1\d %\)/,
    );
  });

  test('a server whose trials all failed, or are all invalid, is not judged', () => {
    const { common, of } = verdict({
      clients: [10],
      elapsed: {
        good: () => 100,
        crashing: () => null,
        wrong: () => ({ elapsedMs: 1, checks: [failedCheck()] }),
      },
    });
    assert.match(common[0] ?? '', /^Only good held 10 clients/);
    assert.equal(
      of('crashing'),
      'crashing: no trial was completed, so nothing can be said of it; 6 trials failed.',
    );
    assert.equal(of('wrong'), 'wrong: no completed trial is valid, so nothing can be said of it.');
  });

  test('a run that measured nothing has no verdict and says why', () => {
    const { common } = verdict({ clients: [10], elapsed: { a: () => 'missing' } });
    assert.deepEqual(common, ['No verdict: no trial is completed and valid.']);
  });

  test('a headline that has no better direction decides nothing', () => {
    const { common } = verdict({
      scenarios: [fakeScenario({ headline: 'threads' })],
      elapsed: { a: () => 1 },
    });
    assert.match(common[0] ?? '', /^No verdict: the headline "threads"/);
  });
});
