/** The axis of effects: how far the head is from the base, with none in it. */
import type { Unit } from '../../harness/results/schema/metric.ts';
import { logTicks, vegaScale } from './axis.ts';
import { formatChange } from './figure.ts';
import { textWidth } from './text.ts';

export interface EffectAxis {
  readonly scale: 'ratio' | 'difference';
  /** Of differences. */
  readonly unit: Unit;
  readonly domain: readonly [number, number];
}

/** Vega's type of scale: as much more is as far from none as as much less. */
export function effectScale({ scale }: Pick<EffectAxis, 'scale'>): 'log' | 'linear' {
  return scale === 'ratio' ? 'log' : 'linear';
}

/** Ends, ticks that do not touch each other, and their labels for a plot of this width in px. */
export function effectParameters(
  axis: EffectAxis,
  width: number,
): Record<string, number | number[] | string[]> {
  const [low, high] = axis.domain;
  const place = vegaScale(effectScale(axis)).domain(axis.domain).range([0, width]);
  const label = (tick: number): string => formatChange({ scale: axis.scale, value: tick }, axis.unit);
  const count = Math.max(2, Math.floor(width / 90));
  // Ratios near 1 are read in percent, so their ticks are round percents; far from it they are powers.
  const wanted =
    axis.scale === 'ratio' && high / low > 20
      ? logTicks(low, high, count)
      : vegaScale('linear').domain([low, high]).ticks(count);
  const ticks: number[] = [];
  for (const tick of wanted) {
    const last = ticks.at(-1);
    const apart = (textWidth(label(tick), 11) + textWidth(label(last ?? tick), 11)) / 2 + 10;
    if (last === undefined || place(tick) - place(last) >= apart) ticks.push(tick);
  }
  return { xLow: low, xHigh: high, xTicks: ticks, xLabels: ticks.map(label) };
}
