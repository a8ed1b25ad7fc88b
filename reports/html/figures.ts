/** Charts in the page: an accessible root around the drawing, title above, caption below. */
import { counted } from '../../harness/analysis/text/phrases.ts';
import type { ChartSpec } from '../drawing/spec.ts';
import type { Painter } from '../drawing/painter.ts';
import type { ChartView, ReportView } from '../view/view.ts';
import { insideLine, insideSpecs, percentileSpec } from '../charts/detail.ts';
import { drawChart } from '../drawing/chart.ts';
import { drawPanels, PANEL } from '../drawing/panel.ts';
import { escapeXml } from '../drawing/text.ts';
import { scenarioAttribute, serverName } from './markup.ts';

/** Widths in px of the page's columns on a large screen; the script draws anew for other widths. */
export const WIDE = 1080;
export const NARROW = 524;
const PERCENTILE_HEIGHT = 360;
const INSIDE_HEIGHT = 200;

/** What figures are drawn with. */
export interface Drawn {
  readonly painter: Painter;
  readonly names: readonly string[];
  /** Ids of the charts that come drawn; the page's script draws the others. */
  readonly inAdvance: ReadonlySet<string>;
}

/** The `<svg>` of a chart. A `<title>` inside would pop up as the browser's own tooltip over every mark. */
function chartSvg(id: string, label: string, spec: ChartSpec, width: number, markup: string): string {
  return `<svg class="chart" id="c-${id}" role="img" aria-label="${escapeXml(label)}" viewBox="0 0 ${width} ${spec.height}" height="${spec.height}" preserveAspectRatio="xMinYMin meet">${markup}</svg>`;
}

export function chartFigure(chart: ChartView, drawn: Drawn): string {
  const width = chart.wide ? WIDE : NARROW;
  const comes = drawn.inAdvance.has(chart.id);
  const markup = comes ? drawChart(drawn.painter, chart.spec, { width, names: drawn.names }).markup : '';
  const svg = chartSvg(chart.id, `${chart.title}. ${chart.description}`, chart.spec, width, markup);
  const instead = comes
    ? ''
    : `<noscript><p class="hint">A report of this size leaves this chart to a script. Without one, see charts/${chart.id}.svg in the folder of the run.</p></noscript>`;
  return `<figure class="${chart.wide ? 'wide' : 'narrow'}"${scenarioAttribute(chart.scenario)}>${instead}<div class="scroll">${svg}</div><figcaption>${escapeXml(chart.caption)}</figcaption></figure>`;
}

/** The small multiples of a chart: the common ground is drawn once and repeated by reference. */
export function panelFigures(chart: ChartView, { painter, names }: Drawn): string {
  const { width, height } = PANEL;
  const { ground, panel } = drawPanels(painter, chart.spec, false);
  const panels = chart.spec.series.map(
    ({ server }) =>
      `<li data-s="${server}">${serverName(server, names[server] ?? '')}<svg class="chart" role="img" aria-label="${escapeXml(`${chart.title} of ${names[server] ?? ''} before all others in grey`)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><use href="#g-${chart.id}"/><g data-panel="${server}">${panel(server)}</g></svg></li>`,
  );
  return `<div${scenarioAttribute(chart.scenario)} data-panels="${chart.id}"><svg class="chart defs" aria-hidden="true" width="0" height="0"><defs><g id="g-${chart.id}">${ground}</g></defs></svg><ul class="panels">${panels.join('')}</ul></div>`;
}

/** Which cell stands in the detail charts until the reader chooses another: the best server at the most clients. */
function defaultCell(
  view: ReportView,
  scenario: number,
): { readonly server: number; readonly level: number } {
  const standings = view.standings.find((one) => one.scenario === scenario);
  const levels = view.scenarios[scenario]?.levels ?? [];
  const level = Math.max(0, standings ? levels.indexOf(standings.clients) : levels.length - 1);
  const details = view.details[scenario] ?? [];
  const order = standings?.table.rows.map((row) => row.server ?? 0) ?? [...details.keys()];
  return { server: order.find((server) => details[server]?.[level]) ?? order[0] ?? 0, level };
}

/** Drop-down lists that choose a cell; they work with scripts on, and keep their place without. */
function chooser(view: ReportView, scenario: number): string {
  const { server, level } = defaultCell(view, scenario);
  const option = (value: number, text: string, chosen: boolean): string =>
    `<option value="${value}"${chosen ? ' selected' : ''}>${escapeXml(text)}`;
  const servers = view.servers.map(({ index, name }) => option(index, name, index === server));
  const levels = (view.scenarios[scenario]?.levels ?? []).map((n, i) =>
    option(i, counted(n, 'client'), i === level),
  );
  return `<p class="chooser"><label>Server <select data-choose="server">${servers.join('')}</select></label> <label>at <select data-choose="level" aria-label="Number of clients">${levels.join('')}</select></label> <span class="hint">or choose a point in any chart above</span></p>`;
}

/** The percentile curves at one number of clients, all servers; empty where no exchange was recorded. */
export function percentileFigure(view: ReportView, scenario: number, { painter, names }: Drawn): string {
  const { level } = defaultCell(view, scenario);
  const details = (view.details[scenario] ?? []).map((levels) => levels[level] ?? null);
  if (!details.some((detail) => detail && detail.tail.length > 0)) return '';
  const spec = percentileSpec(details, PERCENTILE_HEIGHT);
  const { markup } = drawChart(painter, spec, { width: WIDE, names });
  const svg = chartSvg(`tail-${scenario}`, 'Latency by percentile, one line a server', spec, WIDE, markup);
  return `<figure class="wide"${scenarioAttribute(scenario)} data-tail="${scenario}">${chooser(view, scenario)}<div class="scroll">${svg}</div><figcaption>Every exchange of the cell: histograms of its trials are merged, never their percentiles. To the right each step is ten times rarer; the curve ends where a single exchange stands behind it.</figcaption></figure>`;
}

/** Throughput, connections, CPU and memory over one trial; empty where no trial recorded them. */
export function insideFigure(view: ReportView, scenario: number, { painter, names }: Drawn): string {
  const { server, level } = defaultCell(view, scenario);
  const inside = view.details[scenario]?.[server]?.[level]?.inside;
  if (!inside) return '';
  const line = insideLine(names[server] ?? '', view.scenarios[scenario]?.levels[level] ?? 0, inside);
  const charts = insideSpecs(server, inside, INSIDE_HEIGHT).map(
    (spec, i) =>
      `<div class="scroll">${chartSvg(`inside-${scenario}-${i}`, `${spec.y.title} over the trial`, spec, NARROW, drawChart(painter, spec, { width: NARROW, names }).markup)}</div>`,
  );
  return `<figure class="wide"${scenarioAttribute(scenario)} data-inside="${scenario}">${chooser(view, scenario)}<p class="which">${escapeXml(line)}</p><div class="grid">${charts.join('')}</div><figcaption>The trial whose elapsed time is the median of its cell, from the common start until its last client was done. Shaded: other machines took CPU time from this one (steal), the darker the more. A gap means that nothing was sampled there.</figcaption></figure>`;
}
