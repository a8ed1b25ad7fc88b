import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { summarise } from '../../../harness/analysis/summarise.ts';
import { failedCheck, fakeRun, fakeScenario, fakeServer, type Outcome, type RunOptions } from '../fixture.ts';

/** Repetition 1 to 6 as an offset around the middle. */
const spread = (repetition: number): number => (repetition - 3.5) / 100;

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
    measure: ({ server, clients, repetition }) => {
      const outcome = elapsed[server]?.(clients, repetition) ?? null;
      if (outcome === null) return { failure: 'it crashed' };
      return typeof outcome === 'number' ? { elapsedMs: outcome * (1 + spread(repetition)) } : outcome;
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
      'loop held 100 clients best: elapsed 200 ms (195 to 205 ms); next is fork with 300 ms (293 to 308 ms), 50 % more.',
    );
  });

  test('says plainly where no difference can be told', () => {
    const { common } = verdict({ clients: [10, 100], elapsed: { a: () => 200, b: () => 201, c: () => 900 } });
    assert.match(
      common[0] ?? '',
      /^a and b held 100 clients best, and no difference between them can be detected: elapsed from 200 ms \(195 to 205 ms\) \(a\) to 201 ms .* \(b\); next is c/,
    );
    assert.match(
      common[1] ?? '',
      /^From 10 to 100 clients no difference between the best can be detected: a and b are among them throughout\.$/,
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
    assert.match(
      of('iterative'),
      /^iterative held up to 10 clients without losing or failing any; at 100: 90 % lost, elapsed 50 ms/,
    );
    assert.match(
      of('loop'),
      /^loop held up to 100 clients without losing or failing any; at 100: elapsed 300 ms/,
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
      'No server held 100 clients without losing or failing any; b lost or failed fewest, 10 %. ' +
        'a held 10 clients best: elapsed 200 ms (195 to 205 ms); next is b with 400 ms (390 to 410 ms), 2 times as much.',
    );
  });

  test('names the range of clients for which a server is ahead, and where another overtakes it', () => {
    const { common } = verdict({
      clients: [1, 10, 100, 1000],
      elapsed: { iterative: (n) => 10 * n, fork: (n) => 100 + n },
    });
    assert.deepEqual(common.slice(1, 4), [
      'From 1 to 10 clients iterative is ahead of all others.',
      'From 100 to 1,000 clients fork is ahead of all others.',
      'With more clients iterative is overtaken by fork between 10 and 100 clients (the lines meet near 11).',
    ]);
  });

  test('where lost clients are what counts, losing servers compete too, and zero has no meeting point', () => {
    const lost = (count: number) => () => ({ elapsedMs: 100, lost: count });
    const { common } = verdict({
      clients: [10, 100],
      scenarios: [fakeScenario({ headline: 'lost' })],
      elapsed: { a: (n) => lost(n === 10 ? 0 : 50)(), b: (n) => lost(n === 10 ? 5 : 0)() },
    });
    assert.match(
      common[0] ?? '',
      /^b held 100 clients best: lost clients 0 % \(0 %\); next is a with 50 % \(50 %\)\.$/,
    );
    assert.ok(
      common.includes('With more clients a is overtaken by b between 10 and 100 clients.'),
      common.join('\n'),
    );
  });

  test('a higher-is-better headline is read the other way round', () => {
    const { common } = verdict({
      clients: [10],
      scenarios: [fakeScenario({ headline: 'throughput' })],
      elapsed: { slow: () => 400, fast: () => 100 },
    });
    assert.match(
      common[0] ?? '',
      /^fast held 10 clients best: throughput 1,000\/s \(976 to 1,030\/s\); next is slow with 250\/s/,
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
      /^a and b held 10 clients best, and no difference between them can be detected/,
    );
    assert.match(common.at(-1) ?? '', /single trial/);
  });

  test('does not take a server with a single valid trial for one of the best', () => {
    const once = (_: number, repetition: number) => (repetition === 1 ? 900 : ('missing' as const));
    const { common } = verdict({ clients: [10], elapsed: { a: () => 100, b: () => 200, once } });
    assert.match(common[0] ?? '', /^a held 10 clients best: .*; next is b with .* once has a single valid/);
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
      'fork held up to 100 clients without losing or failing any; at 100: elapsed 100 ms (100 ms), ' +
        'CPU per exchange (cold) 28 µs (28 µs), peak PSS 1.04 GB (1.04 GB), 101 processes, 707 threads.',
    );
    assert.ok(
      common.includes(
        'Lowest cost at 100 clients: CPU per exchange (cold) of loop, 5 µs (5 µs); peak PSS of loop, 50 MB (50 MB).',
      ),
      common.join('\n'),
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
