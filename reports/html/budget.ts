/** Which charts come drawn in the page, and which its script draws: a page of a hundred pictures could not be sent. */
import type { ChartView } from '../view/view.ts';

/** Points that are drawn in advance; one with a shape takes about as much as three without. About 35 bytes each. */
const POINTS = 10_000;

/** Bytes of a chart's picture, in points without a shape. */
function weight({ spec }: ChartView): number {
  const points = spec.series.reduce((sum, series) => sum + series.points.length, 0);
  return points * (spec.dots ? 3 : 1);
}

/**
 * Ids of the charts that come drawn: all of a usual report. Of a large one the elapsed time and the overhead of every
 * scenario, then as many as the budget holds of the first chart of each section, then of the others, scenario by
 * scenario.
 */
export function drawnInAdvance(charts: readonly ChartView[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const ranked = charts.map((chart) => {
    const section = `${chart.section} ${chart.scenario}`;
    const first = !seen.has(section);
    seen.add(section);
    const rank = chart.section === 'elapsed' || chart.section === 'overhead' ? 0 : first ? 1 : 2;
    return { chart, rank };
  });
  ranked.sort((a, b) => a.rank - b.rank || a.chart.scenario - b.chart.scenario);
  const drawn = new Set<string>();
  let left = POINTS;
  for (const { chart, rank } of ranked) {
    left -= weight(chart);
    if (rank > 0 && left < 0) break;
    drawn.add(chart.id);
  }
  return drawn;
}
