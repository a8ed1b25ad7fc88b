import { formatChange } from '../../harness/analysis/text/format.ts';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from '../property.ts';
import type { EffectSize } from '../../harness/results/schema/comparison.ts';
import { drawEffects } from '../../reports/drawing/effects.ts';
import { nodePainter } from '../../reports/drawing/compile.ts';
import { buildView } from '../../reports/view/build.ts';
import { comparisonOf, effectOf } from './fixture-comparison.ts';
import { fixture } from './fixture.ts';
import { renderRun } from './rendered.ts';

const SMALL = { servers: 3, levels: [1, 50], trials: 2 };
const golden = (name: string): string => join(import.meta.dirname, 'golden', name);
const asIs = { serializers: [(value: string): string => value] };

test('a change is read in percent, or in the unit of its metric', () => {
  assert.equal(formatChange({ scale: 'ratio', value: 1.052 }, 'ms'), '+5.2 %');
  assert.equal(formatChange({ scale: 'ratio', value: 0.5 }, 'ms'), '−50 %');
  assert.equal(formatChange({ scale: 'ratio', value: 1 }, 'ms'), '0 %');
  assert.equal(formatChange({ scale: 'ratio', value: 1.0000001 }, 'ms'), '0 %');
  assert.equal(formatChange({ scale: 'difference', value: -3 }, 'ms'), '−3 ms');
  assert.equal(formatChange({ scale: 'difference', value: 2 }, 'count'), '+2');
  assert.equal(formatChange({ scale: 'difference', value: 0.05 }, 'ratio'), '+5 points');
  assert.equal(formatChange({ scale: 'ratio', value: Number.NaN }, 'ms'), '–');
});

test('a comparison fills its section: counts, a forest plot a metric, a matrix, what was not compared', async (t) => {
  const { run, summary } = fixture(SMALL);
  const report = await renderRun(run, summary, comparisonOf(run));
  const page = report['report.html'];
  assert.match(page, /<section id="comparison" aria-labelledby/);
  assert.match(page, /24 effects: 8 worse, 8 better, 8 not told apart\./);
  for (const id of ['1-1', '1-2', '1-3', '1-4-difference']) {
    assert.ok(page.includes(`id="c-comparison-${id}"`), id);
    assert.ok(report[`charts/comparison-${id}.svg`], id);
  }
  assert.match(page, /<td class="bad">\+8 %<small>worse<\/small>/);
  assert.match(page, /gone, hold, 5 clients: the head did not measure it/);
  assert.match(page, /The environments differ: kernel/);
  assert.match(report['summary.md'], /## Comparison\n[^]*\| server \| clients \|/);
  t.assert.fileSnapshot(report['charts/comparison-1-1.svg'], golden('comparison.svg'), asIs);
});

test('a duet is told in verdicts', () => {
  const { run, summary } = fixture(SMALL);
  const { comparison } = buildView(run, summary, comparisonOf(run, 'duet'));
  assert.equal(comparison?.counts, '24 effects: 8 regression, 8 improvement, 8 no change, 0 inconclusive.');
});

test('of many effects a forest plot shows those farthest from none, and says so; the matrix holds all', () => {
  const { run, summary } = fixture({ servers: 12, trials: 1 });
  const { comparison } = buildView(run, summary, comparisonOf(run));
  const [forest] = comparison?.forests ?? [];
  assert.equal(forest?.spec.rows.length, 40);
  assert.match(forest?.caption ?? '', /Shown are the 40 of 108 effects/);
  assert.ok(forest?.spec.rows.every(({ effect }) => Math.abs((effect?.value ?? 1) - 1) > 0.004));
  assert.equal(comparison?.matrices[0]?.rows.length, 108);
});

test('any effects are drawn without a coordinate that is no number', () => {
  const { run, summary } = fixture({ servers: 2, levels: [1], trials: 1 });
  const painter = nodePainter();
  const positive = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
  const any = fc.double({ min: -1e9, max: 1e9, noNaN: true });
  const around = (scale: EffectSize['scale'], value: fc.Arbitrary<number>): fc.Arbitrary<EffectSize> =>
    fc
      .tuple(fc.array(value, { minLength: 3, maxLength: 3 }), fc.boolean())
      .map(([three, known]): EffectSize => {
        const [low = 1, middle = 1, high = 1] = three.sort((a, b) => a - b);
        return { scale, value: middle, interval: known ? { low, high, level: 0.95 } : null };
      });
  const sizes = fc.array(fc.oneof(around('ratio', positive), around('difference', any)), { minLength: 1 });
  fc.assert(
    fc.property(sizes, (all) => {
      const plain = comparisonOf(run);
      const effects = all.map((size, i) =>
        effectOf(
          'advisory',
          { server: 'c-epoll', scenario: 'hold', clients: i + 1, metric: 'elapsed' },
          size,
        ),
      );
      const { comparison } = buildView(run, summary, { ...plain, effects });
      for (const { spec } of comparison?.forests ?? []) {
        assert.doesNotMatch(drawEffects(painter, spec, 700), /NaN|Infinity|undefined|null/);
      }
    }),
  );
});

test('a comparison of nothing says what could not be compared', async () => {
  const { run, summary } = fixture({ servers: 1, levels: [1], trials: 1 });
  const { 'report.html': page } = await renderRun(run, summary, { ...comparisonOf(run), effects: [] });
  assert.match(page, /0 effects: 0 worse, 0 better, 0 not told apart\./);
  assert.match(page, /What could not be compared \(1\)/);
});
