/** The figures that a known truth may name, as a summary shows them. */
import { CORE_METRICS } from '../../results/metrics.ts';
import type { ErrorKind } from '../../results/schema/load.ts';
import type { WarningCode } from '../../results/schema/summary.ts';
import type { KnownFigure } from './compare.ts';

/** What takes time from a measurement, and not CPU time or memory. */
export const DISTURBED: readonly WarningCode[] = ['steal', 'foreign-load', 'generator-limited'];

/** A metric of every run, in its own unit. */
export function metric(
  id: string,
  truth: KnownFigure['truth'],
  more: Partial<KnownFigure> = {},
): KnownFigure {
  const definition = CORE_METRICS.find((each) => each.id === id);
  if (!definition) throw new Error(`there is no metric ${id}`);
  const { title: what, unit } = definition;
  return {
    what,
    unit,
    shown: ({ metrics }) => metrics[id]?.median,
    absent: ({ absent }) => absent?.[id],
    truth,
    ...more,
  };
}

/** Exchanges and connections that failed in this way. */
export function errors(kind: ErrorKind, truth: KnownFigure['truth']): KnownFigure {
  return { what: `errors: ${kind}`, unit: 'count', shown: (cell) => cell.errors[kind] ?? 0, truth, ratio: 0 };
}

/** Percentiles of the latency: what the server really waited, and the way there and back. */
export const latencies = (...percentiles: readonly (50 | 90 | 99)[]): KnownFigure[] =>
  percentiles.map((percentile) =>
    metric(`latency-p${percentile}`, (done) => done[`delayP${percentile}Us`] / 1000, {
      within: 0.2,
      excusedBy: DISTURBED,
    }),
  );
