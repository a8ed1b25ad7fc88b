/** A duet as one HTML page: offline, without scripts. */
import { nodePainter } from '../drawing/compile.ts';
import { escapeXml } from '../drawing/text.ts';
import type { DuetView } from '../view/duet.ts';
import { effectsFigure } from './comparison.ts';
import { factList, list } from './markup.ts';
import { htmlDocument } from './shell.ts';
import { styleSheet } from './style.ts';
import { tableMarkup } from './table.ts';

export function duetPage(view: DuetView): string {
  const { title, lead, counts, table, matrix, effects, launches, facts, command, errorRates } = view;
  const painter = nodePainter();
  const remarks = [...view.remarks, ...view.notCompared];
  const body = `<header><h1>Holdfast duet: <bdi>${escapeXml(title)}</bdi></h1></header>
<main>
<section><p class="lead tone-${view.tone}">${escapeXml(lead)}</p>
<p class="counts">${escapeXml(counts)}</p></section>
${section('Failures', tableMarkup(view.failures) + list(view.failureSentences))}
${section('Verdicts', tableMarkup(table))}
${matrix ? section('Verdicts by server', tableMarkup(matrix)) : ''}
${section('Effects', effectsFigure(effects, painter))}
${section('Launches', effectsFigure(launches, painter))}
${remarks.length > 0 ? section('Remarks', list(remarks)) : ''}
${errorRates.length > 0 ? section('How often this procedure errs', list(errorRates)) : ''}
${section('This comparison', factList(facts) + (command ? `<pre>${escapeXml(command)}</pre>` : ''))}
</main>
<footer>Made by Holdfast. The plan, every launch and the comparison are in the same folder as JSON. This page loads nothing from anywhere.</footer>`;
  return htmlDocument({
    title: `Holdfast duet: ${view.outcome}: ${title}`,
    style: styleSheet(0, 0),
    body,
    scripts: [],
  });
}

function section(title: string, content: string): string {
  return `<section><h2>${escapeXml(title)}</h2>\n${content}</section>`;
}
