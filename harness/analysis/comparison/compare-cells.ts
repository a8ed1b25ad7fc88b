/** The effects of all pairs of cells of two runs, as one family. */
import type { MetricDefinition } from '../../results/schema/plan.ts';
import type { Estimate } from '../../results/schema/leaves.ts';
import { valuesOf, gatingMetrics } from '../cells/cell-trials.ts';
import type { CellPair } from './comparable.ts';
import type { AdvisoryEffect, NotCompared, Shift, EffectSize } from '../../results/schema/comparison.ts';
import { estimate } from '../cells/cells.ts';
import { formatEffect } from '../text/format.ts';
import { holm } from '../statistics/tests/holm.ts';
import { counted } from '../text/phrases.ts';
import { mannWhitney, smallestP } from '../statistics/tests/mann-whitney.ts';

/** Probability of even one false alarm in the whole comparison. */
const FAMILY_ALPHA = 0.05;

/** One comparison before the family is known. */
interface Tested extends TestedEffect {
  readonly pair: CellPair;
  readonly metric: MetricDefinition;
  readonly base: Estimate;
  readonly head: Estimate;
}

/** Every gating metric of every pair, over valid trials only; p adjusted for all of them together (Holm). */
export function effectsOf(pairs: readonly CellPair[]): {
  readonly compared: readonly AdvisoryEffect[];
  readonly notCompared: readonly NotCompared[];
} {
  const judged = pairs.filter(({ base, head }) => base.valid.length > 0 && head.valid.length > 0);
  const tested = judged.flatMap((pair) =>
    gatingMetrics(pair.base.scenario).flatMap((metric) => testOf(pair, metric) ?? []),
  );
  const adjusted = holm(tested.map(({ p }) => p));
  return {
    compared: tested.map((test, i) => effectOf(test, adjusted[i] ?? 1, tested.length)),
    notCompared: pairs
      .filter((pair) => !judged.includes(pair))
      .map(({ base }) => ({
        scenario: base.scenario.id,
        server: base.server.name,
        clients: base.clients,
        why: `no valid trial in the ${base.valid.length > 0 ? 'head' : 'base'}`,
      })),
  };
}

function testOf(pair: CellPair, metric: MetricDefinition): Tested | undefined {
  const values = valuesOf(metric, pair.base.valid, pair.base.scenario);
  const others = valuesOf(metric, pair.head.valid, pair.head.scenario);
  const [base, head] = [estimate(values), estimate(others)];
  return base && head ? { pair, metric, base, head, ...unpairedEffect(values, others) } : undefined;
}

function effectOf(test: Tested, adjustedP: number, family: number): AdvisoryEffect {
  const { pair, metric, base, head, size, p } = test;
  const shift = shiftOf(test, adjustedP);
  return {
    kind: 'advisory',
    server: pair.base.server.name,
    scenario: pair.base.scenario.id,
    clients: pair.base.clients,
    metric: metric.id,
    base,
    head,
    size,
    p,
    adjustedP,
    shift,
    reason: reasonOf(test, shift, adjustedP, family),
  };
}

function shiftOf({ metric, size }: Tested, adjustedP: number): Shift {
  if (adjustedP > FAMILY_ALPHA) return 'not-told';
  const more = size.scale === 'ratio' ? size.value > 1 : size.value > 0;
  return more === (metric.direction === 'lower') ? 'worse' : 'better';
}

function reasonOf(test: Tested, shift: Shift, adjustedP: number, family: number): string {
  const { metric, size, p, base, head } = test;
  const effect = `${metric.title} ${formatEffect(size, metric.unit)}`;
  const among = `among ${counted(family, 'comparison')}`;
  if (shift !== 'not-told') return `${effect}: ${shift}, ${pText(adjustedP)} ${among}.`;
  const smallest = smallestP(base.n, head.n);
  if (smallest * family > FAMILY_ALPHA) {
    return (
      `${effect}: ${base.n} against ${counted(head.n, 'trial')} cannot show a difference ${among} ` +
      `(${pText(smallest)} at best, and it would take ${pText(FAMILY_ALPHA / family)}).`
    );
  }
  return p <= FAMILY_ALPHA
    ? `${effect}: ${pText(p)} by itself, but ${pText(adjustedP)} ${among}, of which some come out so by chance.`
    : `${effect}: no detectable difference, ${pText(p)}.`;
}

function pText(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${Number(p.toPrecision(2))}`;
}

/** An effect with the p of the hypothesis that there is none. */
export interface TestedEffect {
  readonly size: EffectSize;
  readonly p: number;
}

/**
 * Rank-sum test and Hodges–Lehmann shift of unpaired samples (statistics/tests/mann-whitney.ts). Where all samples are above
 * zero the shift is taken between logarithms, so that it is a ratio: costs and times spread in proportion to their size.
 *
 * @throws RangeError when a set is empty or a sample is not finite
 */
export function unpairedEffect(base: readonly number[], head: readonly number[]): TestedEffect {
  const relative = [...base, ...head].every((value) => value > 0);
  const onScale = (values: readonly number[]) => (relative ? values.map(Math.log) : values);
  const inUnit = (value: number) => (relative ? Math.exp(value) : value);
  const { estimate, interval, p } = mannWhitney(onScale(base), onScale(head));
  return {
    size: {
      scale: relative ? 'ratio' : 'difference',
      value: inUnit(estimate),
      interval: interval && { ...interval, low: inUnit(interval.low), high: inUnit(interval.high) },
    },
    p,
  };
}
