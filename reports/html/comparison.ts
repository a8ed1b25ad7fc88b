/** Section 12 in the page. */
import type { Painter } from '../drawing/painter.ts';
import type { ComparisonView, EffectsView } from '../view/view.ts';
import { drawEffects, effectsHeight } from '../drawing/effects.ts';
import { escapeXml } from '../drawing/text.ts';
import { WIDE } from './figures.ts';
import { list, scenarioAttribute } from './markup.ts';
import { tableMarkup } from './table.ts';

export function comparisonMarkup(view: ComparisonView, painter: Painter): string {
  const rest =
    view.notCompared.length > 0
      ? `<details class="more"><summary>What could not be compared (${view.notCompared.length})</summary>${list(view.notCompared)}</details>`
      : '';
  return [
    `<p class="of">${escapeXml(view.about)}</p><p>${escapeXml(view.counts)}</p>${list(view.remarks)}`,
    ...view.forests.map((forest) => effectsFigure(forest, painter)),
    view.launches ? effectsFigure(view.launches, painter) : '',
    ...view.matrices.map(tableMarkup),
    rest,
  ].join('');
}

/** A picture of effects: it has no scale to switch and is not drawn anew; on a narrow screen it scrolls. */
export function effectsFigure(view: EffectsView, painter: Painter): string {
  const { id, scenario, title, description, caption, spec } = view;
  const label = escapeXml(`${title}. ${description}`);
  const svg = `<svg class="chart" id="c-${id}" role="img" aria-label="${label}" viewBox="0 0 ${WIDE} ${effectsHeight(spec)}">${drawEffects(painter, spec, WIDE)}</svg>`;
  return `<figure class="wide still"${scenarioAttribute(scenario)}><div class="scroll">${svg}</div><figcaption>${escapeXml(caption)}</figcaption></figure>`;
}
