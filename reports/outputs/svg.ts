/** Every chart as a picture of its own, with colours resolved. */
import type { Painter } from '../drawing/painter.ts';
import type { Report } from '../view/report.ts';
import type { Files, Output } from './output.ts';
import type { ChartView, ReportView } from '../view/view.ts';
import { drawChart } from '../drawing/chart.ts';
import { drawEffects, effectsHeight } from '../drawing/effects.ts';
import { escapeXml, fitText } from '../drawing/text.ts';
import { panelsMarkup } from '../charts/panels.ts';
import { drawingRules, LIGHT, resolved } from '../theme.ts';
import { nodePainter } from '../drawing/compile.ts';

export const svg = {
  files: (report: Report) => (report.kind === 'run' ? chartFiles(report.view) : {}),
} satisfies Output;

/** Width of a stand-alone chart in px. */
const WIDTH = 960;
const TITLE_HEIGHT = 34;

/** A whole picture: white ground, title, description, the chart. */
function picture(
  title: string,
  description: string,
  size: { readonly width: number; readonly height: number },
  markup: string,
  servers: number,
): string {
  const height = size.height + TITLE_HEIGHT + 12;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-labelledby="title description" width="${size.width + 32}" height="${height}" viewBox="0 0 ${size.width + 32} ${height}">`,
    `<title id="title">${escapeXml(title)}</title><desc id="description">${escapeXml(description)}</desc>`,
    `<style>${drawingRules(servers, LIGHT)}\n.title{font-size:15px;font-weight:600}</style>`,
    `<rect width="100%" height="100%" fill="${LIGHT.surface}"/>`,
    `<text class="title" x="16" y="26">${escapeXml(fitText(title, 15, size.width))}</text>`,
    `<g transform="translate(16 ${TITLE_HEIGHT})">${resolved(markup, LIGHT)}</g></svg>\n`,
  ].join('\n');
}

/** One chart as a file of its own. */
function chartFile(chart: ChartView, view: ReportView, painter: Painter): string {
  const names = view.servers.map(({ name }) => name);
  // Alone it has no list of servers beside it: it is as high as their names need.
  const height = Math.max(chart.spec.height, chart.spec.series.length * 15 + 105);
  const drawing = drawChart(painter, { ...chart.spec, height }, { width: WIDTH, names });
  return picture(titleOf(chart, view), chart.description, drawing, drawing.markup, names.length);
}

/** The small multiples of a scenario as one file. */
function panelsFile(chart: ChartView, view: ReportView, painter: Painter): string {
  const names = view.servers.map(({ name }) => name);
  const drawing = panelsMarkup(painter, chart.spec, names, WIDTH);
  const title = `${titleOf(chart, view)}, one panel a server`;
  return picture(title, chart.description, drawing, drawing.markup, names.length);
}

function titleOf(chart: ChartView, view: ReportView): string {
  const scenario = view.scenarios[chart.scenario];
  return scenario ? `${chart.title} – ${scenario.title}` : chart.title;
}

/** Every chart of a report by its path. */
function chartFiles(view: ReportView): Files {
  const files: Record<string, string> = {};
  const painter = nodePainter();
  for (const chart of view.charts) {
    files[`charts/${chart.id}.svg`] = chartFile(chart, view, painter);
    if (chart.section === 'elapsed' && chart.spec.series.length > 1) {
      files[`charts/${chart.id.replace('elapsed', 'panels')}.svg`] = panelsFile(chart, view, painter);
    }
  }
  const { forests = [], launches = null } = view.comparison ?? {};
  for (const { id, title, description, spec } of [...forests, ...(launches ? [launches] : [])]) {
    const size = { width: WIDTH, height: effectsHeight(spec) };
    const markup = drawEffects(painter, spec, WIDTH);
    files[`charts/${id}.svg`] = picture(title, description, size, markup, view.servers.length);
  }
  return files;
}
