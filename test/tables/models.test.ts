import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { modelArms, relations, slopeUs } from '../../harness/tables/models.ts';
import { REFERENCE } from '../../harness/tables/relations.ts';
import { completedTrials } from './trials.ts';

/** Trials of 100 and of 200 messages, whose CPU times in µs are given by round. */
function shortAndLong(short: readonly number[], long: readonly number[]) {
  return [
    completedTrials(
      'short',
      short.map((us) => us / 10),
      100,
    ),
    completedTrials(
      'long',
      long.map((us) => us / 10),
      200,
    ),
  ] as const;
}

void test('what is spent once does not count: a unit costs the slope between the two lengths', () => {
  const [short, long] = shortAndLong([50_000 + 100 * 4], [50_000 + 200 * 4]);
  assert.equal(slopeUs(short, long, 'message'), 4);
});

void test('the slope is taken within each round, and the median over rounds', () => {
  const [short, long] = shortAndLong([1000, 9000, 1000], [1500, 9600, 99_000]);
  assert.equal(slopeUs(short, long, 'message'), 6);
});

void test('a round without its other half is left out; without any there is no figure', () => {
  const [short, long] = shortAndLong([1000], [1500, 99_000]);
  assert.equal(slopeUs(short, long, 'message'), 5);
  assert.equal(slopeUs([], long, 'message'), undefined);
  assert.equal(slopeUs(short, [], 'message'), undefined);
});

void test('a model has reached its relation up to 1.25 times of it, relative to the base of the same run', () => {
  const rows = [
    { variant: 'c-epoll', perMessageUs: 3.4 },
    { variant: 'c-thread', perMessageUs: 5.9 },
    { variant: 'ts-loop', perMessageUs: 5.3 },
    { variant: 'c-fork', perMessageUs: 7.1 },
  ];
  const costs: Readonly<Record<string, number>> = { 'c-epoll': 10, 'c-thread': 21, 'ts-loop': 20 };
  const trials = new Map(
    modelArms(rows).flatMap(({ name, variant, load }) => {
      const cost = costs[variant];
      const messages = Number(load.parameters['messages']);
      return cost === undefined
        ? []
        : [[name, completedTrials(name, [(cost * messages) / 10], messages)] as const];
    }),
  );
  const lines = relations(trials, rows);
  assert.deepEqual(
    lines.map(({ variant, ratio, reached }) => ({ variant, ratio, reached })),
    [
      { variant: 'c-epoll', ratio: 1, reached: true },
      { variant: 'c-thread', ratio: 2.1, reached: true },
      { variant: 'ts-loop', ratio: 2, reached: false },
      { variant: 'c-fork', ratio: undefined, reached: false },
    ],
  );
  assert.equal(lines[1]?.limit, 1.25 * (5.9 / 3.4));
});

void test('every figure of the table is measured in two lengths, under names of its own', () => {
  const arms = modelArms();
  const figures = REFERENCE.flatMap(({ perConnectionUs, perMessageUs }) =>
    [perConnectionUs, perMessageUs].filter((figure) => figure !== undefined),
  );
  assert.equal(arms.length, 2 * figures.length);
  assert.equal(new Set(arms.map(({ name }) => name)).size, arms.length);
});
