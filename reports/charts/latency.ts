/** Section 6: latency percentiles against clients. The percentile curve of a cell is in draw/detail.ts. */
import type { ScenarioScope } from '../view/scope.ts';
import type { ChartView } from '../view/view.ts';
import { sweepChart } from './sweep.ts';

const PERCENTILES = [
  ['latency-p50', 'Latency p50'],
  ['latency-p90', 'Latency p90'],
  ['latency-p99', 'Latency p99'],
  ['latency-p999', 'Latency p99.9'],
] as const;

export function latencyCharts(scope: ScenarioScope): ChartView[] {
  return PERCENTILES.flatMap(
    ([metric, title]) => sweepChart(scope, { section: 'latency', metric, title }) ?? [],
  );
}
