/** Section 5, small multiples, as one picture: panels in a grid, the common ground drawn once and repeated. */
import type { ChartSpec } from '../drawing/spec.ts';
import type { Painter } from '../drawing/painter.ts';
import { drawPanels, PANEL } from '../drawing/panel.ts';
import { escapeXml, fitText } from '../drawing/text.ts';

const TITLE = 20;

/** All panels of a chart in as many columns as fit into the width (px). */
export function panelsMarkup(
  painter: Painter,
  spec: ChartSpec,
  names: readonly string[],
  width: number,
): { readonly width: number; readonly height: number; readonly markup: string } {
  const columns = Math.max(1, Math.floor(width / PANEL.width));
  const { ground, panel } = drawPanels(painter, spec, false);
  const panels = spec.series.map(({ server }, i) => {
    const x = (i % columns) * (width / columns);
    const y = Math.floor(i / columns) * (PANEL.height + TITLE + 14);
    const name = escapeXml(fitText(names[server] ?? '', 12, PANEL.width - 12));
    return `<g transform="translate(${x} ${y})"><text x="0" y="12">${name}</text><g transform="translate(0 ${TITLE})"><use href="#ground"/>${panel(server)}</g></g>`;
  });
  return {
    width,
    height: Math.ceil(spec.series.length / columns) * (PANEL.height + TITLE + 14),
    markup: `<defs><g id="ground">${ground}</g></defs>${panels.join('')}`,
  };
}
