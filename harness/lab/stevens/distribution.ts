/** How evenly the connections of a trial fell on the workers of a pool. */
import { median } from '../../analysis/statistics/estimators/quantile.ts';
import type { CompletedTrial } from '../../results/schema/trial.ts';

export interface Distribution {
  readonly workers: number;
  /** Connections of the worker that served the fewest, of the one in the middle, and of the busiest. */
  readonly min: number;
  readonly median: number;
  readonly max: number;
  /** Share of the busiest in all connections, 0 to 1; an even distribution gives 1 / workers. */
  readonly busiestShare: number;
}

/** The distribution over some workers, or undefined where nobody served anything. */
export function distributionOf(served: readonly number[]): Distribution | undefined {
  const total = served.reduce((sum, each) => sum + each, 0);
  if (total === 0) return undefined;
  const max = Math.max(...served);
  return {
    workers: served.length,
    min: Math.min(...served),
    median: median(served),
    max,
    busiestShare: max / total,
  };
}

/** Figure by figure, the median over trials; undefined where no server told what its workers served. */
export function typicalDistribution(trials: readonly CompletedTrial[]): Distribution | undefined {
  const all = trials
    .map((trial) => distributionOf(servedByWorkers(trial.serverStatistics)))
    .filter((distribution) => distribution !== undefined);
  if (all.length === 0) return undefined;
  const typical = (read: (one: Distribution) => number): number => median(all.map(read));
  return {
    workers: typical((one) => one.workers),
    min: typical((one) => one.min),
    median: typical((one) => one.median),
    max: typical((one) => one.max),
    busiestShare: typical((one) => one.busiestShare),
  };
}

/** What each worker served, from the statistics that a server prints as it stops (docs/servers/contract.md). */
export function servedByWorkers(
  statistics: Readonly<Record<string, unknown>> | undefined,
): readonly number[] {
  const rows: unknown = statistics?.['workers'];
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) =>
    typeof row === 'object' && row !== null && 'served' in row && typeof row.served === 'number'
      ? [row.served]
      : [],
  );
}
