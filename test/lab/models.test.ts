import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { measureModels, type Slice } from '../../harness/lab/models/measure.ts';
import { unitsOf, workloadOf } from '../../harness/lab/models/workload.ts';
import { figuresOf, nameOf, REFERENCE, type ReferenceRow } from '../../harness/lab/models/reference.ts';
import { relations } from '../../harness/lab/models/relation.ts';
import { CLIENT } from '../servers/native/build.ts';

const never = new AbortController().signal;
const LOOP: ReferenceRow = { variant: 'ts-loop', costUs: { message: 5.1 } };
const THREAD: ReferenceRow = { variant: 'c-thread', costUs: { message: 3.4 } };

/** Slices of a row in which the base cost 10 µs, and the row so many times that. */
function slices(row: ReferenceRow, ...ratios: readonly number[]): readonly Slice[] {
  return ratios.map((ratio) => ({ row, unit: 'message', costUs: 10 * ratio, baseUs: 10 }));
}

void test('each slice is held against the base of its own moment, and the median of all counts', () => {
  const disturbed: Slice = { row: LOOP, unit: 'message', costUs: 60, baseUs: 40 };
  const [line] = relations([...slices(LOOP, 1.4, 9, 1.5), disturbed, ...slices(LOOP, 1.6, 1.3)], [LOOP]);
  assert.deepEqual(line?.ratio, { median: 1.5, low: 1.3, high: 9, slices: 6 });
  assert.equal(line?.limit, 1.25 * 1.5);
});

void test('a limit inside the interval is not decided, on either side of it the whole interval has to lie', () => {
  const answer = (...ratios: readonly number[]) => relations(slices(LOOP, ...ratios), [LOOP])[0]?.answer;
  assert.equal(answer(1.4, 1.5, 1.6, 1.7, 1.8, 1.87), 'reached');
  assert.equal(answer(1.4, 1.5, 1.6, 1.7, 1.8, 1.9), 'cannot be told');
  assert.equal(answer(1.9, 2, 2.1, 2.2, 2.3, 2.4), 'not reached');
  assert.equal(answer(), 'not measured');
});

void test('the more slices there are, the less one of them decides', () => {
  const many = slices(LOOP, ...Array.from({ length: 8 }, () => 1.5), 9);
  assert.deepEqual(relations(many, [LOOP])[0]?.ratio, { median: 1.5, low: 1.5, high: 1.5, slices: 9 });
  const few = slices(LOOP, 1.5, 1.5, 9);
  assert.equal(relations(few, [LOOP])[0]?.ratio?.high, 9);
});

void test('slices of one server say nothing of another', () => {
  const lines = relations([...slices(LOOP, 1.5), ...slices(THREAD, 1.1)], [LOOP, THREAD]);
  assert.deepEqual(
    lines.map(({ variant, ratio }) => [variant, ratio?.median]),
    [
      ['ts-loop', 1.5],
      ['c-thread', 1.1],
    ],
  );
});

void test('every figure of the table has a workload, and every row a name of its own', () => {
  assert.equal(new Set(REFERENCE.map(nameOf)).size, REFERENCE.length);
  for (const row of REFERENCE) {
    for (const [unit] of figuresOf(row)) {
      const workload = workloadOf(row, unit);
      assert.ok(unitsOf(workload) > 0 && workload.slices > 0, `${row.variant} by ${unit}`);
    }
  }
});

void test('a model is measured beside the base, and costs something', async (t) => {
  if (!existsSync(CLIENT)) return t.skip('the bare client is not built (make servers)');
  const row: ReferenceRow = { variant: 'c-thread', costUs: { message: 5.9 } };
  const measured = await measureModels([row], { rounds: 2, withinMs: 0 }, () => undefined, never);
  assert.deepEqual(measured.failures, []);
  assert.equal(measured.rounds, 1, 'a round for which there is no time is not begun');
  assert.equal(measured.figures.length, workloadOf(row, 'message').slices);
  for (const slice of measured.figures) assert.ok(slice.costUs > 0 && slice.baseUs > 0);
});

void test('a table of models that is interrupted is none', async (t) => {
  if (!existsSync(CLIENT)) return t.skip('the bare client is not built (make servers)');
  const stop = new AbortController();
  const measuring = measureModels(
    [THREAD],
    { rounds: 1, withinMs: 60_000 },
    () => stop.abort('SIGINT'),
    stop.signal,
  );
  await assert.rejects(measuring, (error: unknown) => error === 'SIGINT');
});
