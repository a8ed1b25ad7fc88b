/** The whole report as one HTML file: offline, readable without scripts. */
import type { ChartView, ReportView, SectionId } from '../view/view.ts';
import { escapeXml } from '../drawing/text.ts';
import { drawnInAdvance } from './budget.ts';
import { comparisonMarkup } from './comparison.ts';
import { nodePainter } from '../drawing/compile.ts';
import type { Drawn } from './figures.ts';
import { chartFigure, insideFigure, panelFigures, percentileFigure } from './figures.ts';
import {
  factList,
  list,
  phrase,
  scenarioAttribute,
  serverName,
  swatch,
  swatchSprite,
  term,
} from './markup.ts';
import { pageData } from './payload.ts';
import { htmlDocument } from './shell.ts';
import { SECTIONS } from './sections.ts';
import { styleSheet } from './style.ts';
import { tableMarkup } from './table.ts';

/** @param scripts Vega and the page's own (script.ts) */
export function reportPage(view: ReportView, scripts: readonly string[]): string {
  const painter = nodePainter();
  const drawn: Drawn = {
    painter,
    names: view.servers.map(({ name }) => name),
    inAdvance: drawnInAdvance(view.charts),
  };
  const sections = SECTIONS.map(([id, title], i) => sectionMarkup(view, drawn, id, title, i + 1));
  const body = `<a class="skip" href="#elapsed">Skip to the charts</a>
${swatchSprite(painter, view.servers.length)}
<header><h1>Holdfast report <bdi>${escapeXml(view.runId)}</bdi></h1>
<p class="sub">${escapeXml(view.subtitle)}</p></header>
${toolbar(view)}
<main>
${sections.join('\n')}
</main>
<footer>Made by Holdfast from the files of this run. This page loads nothing from anywhere.</footer>`;
  return htmlDocument({
    title: `Holdfast report ${view.runId}`,
    style: styleSheet(view.servers.length, view.scenarios.length),
    body,
    data: pageData(view, painter.kinds),
    scripts,
  });
}

/** Scenario, scale and servers: the first and the last work without scripts. */
function toolbar(view: ReportView): string {
  const tabs = view.scenarios.map(
    ({ index, title }) =>
      `<input type="radio" name="scenario" id="sc${index}" value="${index}"${index === 0 ? ' checked' : ''}><label for="sc${index}"><bdi>${escapeXml(title)}</bdi></label>`,
  );
  const scenarios =
    tabs.length > 1
      ? `<fieldset class="tabs"><legend>Scenario</legend>${tabs.join('')}<input type="radio" name="scenario" id="sc-all" value="all"><label for="sc-all">all</label></fieldset>`
      : '';
  const servers = view.servers.map(
    ({ index, name, about }) =>
      `<li><label><input type="checkbox" id="v${index}" value="${index}" checked>${serverName(index, name)}<small class="hint"><bdi>${escapeXml(about)}</bdi></small></label></li>`,
  );
  return `<nav class="bar" aria-label="What is shown"><div>${scenarios}
<fieldset class="tabs needs-js"><legend>Scale</legend><input type="radio" name="scale" id="scale-log" value="log" checked><label for="scale-log">log</label><input type="radio" name="scale" id="scale-linear" value="linear"><label for="scale-linear">linear</label></fieldset>
<details class="pick"><summary>Servers <span id="shown">${view.servers.length} of ${view.servers.length}</span></summary><div><ul>${servers.join('')}</ul><p class="all needs-js"><button type="button" data-show="all">Show all</button><button type="button" data-show="none">Only the first</button></p></div></details></div></nav>`;
}

function sectionMarkup(view: ReportView, drawn: Drawn, id: SectionId, title: string, number: number): string {
  const heading = `<h2 id="h-${id}"><span class="no">${number}</span>${title}</h2>`;
  const absent = view.absent.filter((one) => one.section === id);
  const body = sectionBody(view, drawn, id);
  const remarks = absent.map(
    ({ scenario, why }) =>
      `<p class="of"${scenarioAttribute(scenario)}>Left out${absent.length > 1 && scenario !== null ? ` for ${escapeXml(view.scenarios[scenario]?.title ?? '')}` : ''}: ${escapeXml(why)}.</p>`,
  );
  if (!body) {
    const why = absent[0]?.why ?? 'nothing was recorded for it';
    return `<section id="${id}" class="left-out" aria-labelledby="h-${id}">${heading} <p>Left out: ${escapeXml(why)}.</p></section>`;
  }
  return `<section id="${id}" aria-labelledby="h-${id}">${heading}${remarks.join('')}${body}</section>`;
}

/** Small multiples; a single server stands in the chart above already. */
function panelsBody(charts: readonly ChartView[], drawn: Drawn): string {
  if (charts.length === 0 || drawn.names.length < 2) return '';
  const figures = charts.map((chart) => panelFigures(chart, drawn));
  return `${figures.join('')}<p class="hint under">Elapsed time: each server in its colour before all others in grey, on the same axes. Thin: what the model of its architecture predicts.</p>`;
}

/** What stands in a section; empty where there is nothing to show. */
function sectionBody(view: ReportView, drawn: Drawn, id: SectionId): string {
  const charts = view.charts.filter((chart) => chart.section === id);
  switch (id) {
    case 'verdict':
      return verdict(view);
    case 'warnings':
      return warnings(view);
    case 'panels':
      return panelsBody(panelCharts(view), drawn);
    case 'latency':
      return (
        grid(charts, drawn) + view.scenarios.map(({ index }) => percentileFigure(view, index, drawn)).join('')
      );
    case 'inside':
      return view.scenarios.map(({ index }) => insideFigure(view, index, drawn)).join('');
    case 'comparison':
      return view.comparison ? comparisonMarkup(view.comparison, drawn.painter) : '';
    case 'tables':
      return closing(view);
    default:
      return grid(charts, drawn);
  }
}

/** The charts of which there are small multiples: elapsed time of every scenario. */
function panelCharts(view: ReportView): ChartView[] {
  return view.charts.filter(
    (chart) =>
      chart.section === 'elapsed' && chart.id.startsWith('elapsed') && chart.spec.y.title === 'Elapsed time',
  );
}

function grid(charts: readonly ChartView[], drawn: Drawn): string {
  return charts.length === 0
    ? ''
    : `<div class="grid">${charts.map((chart) => chartFigure(chart, drawn)).join('')}</div>`;
}

function verdict(view: ReportView): string {
  const verdicts = view.verdicts.map(({ scenario, lead, servers }) => {
    const facts = view.scenarios[scenario];
    const title = facts ? `<p class="of">${escapeXml(facts.title)} · ${escapeXml(facts.about)}</p>` : '';
    const leads = lead.map((text) => `<p class="lead">${phrase(text)}</p>`);
    const each = servers.map(
      ({ server, text }) =>
        `<li${server === null ? '' : ` data-s="${server}"`}>${swatch(server)}<span>${escapeXml(text)}</span></li>`,
    );
    const standings = view.standings.find((one) => one.scenario === scenario);
    return `<div data-sc="${scenario}">${title}${leads.join('')}<p class="counts">${escapeXml([view.counts, view.comparison?.counts].filter(Boolean).join(' '))}</p>${standings ? tableMarkup({ ...standings.table, scenario: null }) : ''}${each.length > 0 ? `<ul class="each${each.length > 8 ? ' many' : ''}">${each.join('')}</ul>` : ''}</div>`;
  });
  return verdicts.join('');
}

function warnings(view: ReportView): string {
  if (view.warnings.length === 0) return '<p>None: nothing that the harness watches for was seen.</p>';
  const items = view.warnings.map(({ title, message, advice, cells }) => {
    const shown = cells.slice(0, 6).join('; ');
    const rest = cells.length > 6 ? ` and ${cells.length - 6} more` : '';
    const where = shown ? `<small>${escapeXml(shown)}${rest}</small>` : '';
    return `<li><b>${escapeXml(title)}.</b> ${escapeXml(message)} <span class="advice">${escapeXml(advice)}</span>${where}</li>`;
  });
  return `<ul class="warnings">${items.join('')}</ul>`;
}

/** Section 13: tables, failures, method, glossary, environment, time, command. */
function closing(view: ReportView): string {
  const time = view.timeSpent.length > 0 ? [{ title: 'Time spent', facts: view.timeSpent }] : [];
  const groups = [...view.environment.slice(0, 2), ...time, ...view.environment.slice(2)];
  const failures = view.failures.map(
    ({ trial, message, detail }) =>
      `<li><b>${escapeXml(trial)}</b><br>${escapeXml(message)}${detail ? `<pre>${detail.split('\n').map(escapeXml).join('\n')}</pre>` : ''}</li>`,
  );
  return [
    view.tables.map(tableMarkup).join(''),
    failures.length > 0
      ? `<h3>Trials that failed or were stopped</h3><ul class="fails">${failures.join('')}</ul>`
      : '',
    `<h3>Method</h3>${list(view.method)}`,
    `<h3>Words</h3><p>${view.glossary.map(({ term: word, meaning }) => term(word, meaning)).join(' · ')}</p>`,
    `<div class="facts">${groups.map(({ title, facts: values }) => `<div><h3>${escapeXml(title)}</h3>${factList(values)}</div>`).join('')}</div>`,
    `<h3>Measure again</h3><pre>${escapeXml(view.command)}</pre>`,
    '<h3>Raw data</h3><p>Beside this page in the folder of the run: <code>summary.csv</code> and <code>summary.json</code> (every cell), <code>trials.jsonl</code> (every trial with its histograms and samples), <code>plan.json</code>, <code>environment.json</code>, <code>charts/</code> (every chart as SVG).</p>',
  ].join('\n');
}
