/** Section 12 in the page. */
import type { Painter } from '../drawing/painter.ts';
import type { ComparisonView, ForestView, StripView } from '../view/view.ts';
import { drawForest, forestHeight } from '../drawing/forest.ts';
import { drawStrip, stripHeight } from '../drawing/strip.ts';
import { escapeXml } from '../drawing/text.ts';
import { WIDE } from './figures.ts';
import { scenarioAttribute } from './markup.ts';
import { tableMarkup } from './table.ts';

export function comparisonMarkup(view: ComparisonView, painter: Painter): string {
  const list = (texts: readonly string[]): string =>
    texts.length > 0
      ? `<ul class="method">${texts.map((text) => `<li>${escapeXml(text)}</li>`).join('')}</ul>`
      : '';
  const rest =
    view.notCompared.length > 0
      ? `<details class="more"><summary>What could not be compared (${view.notCompared.length})</summary>${list(view.notCompared)}</details>`
      : '';
  return [
    `<p class="of">${escapeXml(view.about)}</p><p>${escapeXml(view.counts)}</p>${list(view.remarks)}`,
    ...view.forests.map((forest) =>
      figure(forest, forestHeight(forest.spec), drawForest(painter, forest.spec, WIDE)),
    ),
    view.launches
      ? figure(view.launches, stripHeight(view.launches.spec), drawStrip(painter, view.launches.spec, WIDE))
      : '',
    ...view.matrices.map(tableMarkup),
    rest,
  ].join('');
}

/** A picture of effects: it has no scale to switch and is not drawn anew; on a narrow screen it scrolls. */
function figure(
  { id, scenario, title, description, caption }: Omit<ForestView | StripView, 'spec'>,
  height: number,
  markup: string,
): string {
  const svg = `<svg class="chart" id="c-${id}" role="img" aria-label="${escapeXml(`${title}. ${description}`)}" viewBox="0 0 ${WIDE} ${height}">${markup}</svg>`;
  return `<figure class="wide still"${scenarioAttribute(scenario)}><div class="scroll">${svg}</div><figcaption>${escapeXml(caption)}</figcaption></figure>`;
}
