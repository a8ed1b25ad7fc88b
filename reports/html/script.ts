/**
 * The page's scripts: Vega as it is shipped, and one composed of the functions that also run here: draw/ draws in Node
 * and in the page, page/ reacts.
 *
 * Node strips types by blanking them out, so that a function's own source text is JavaScript. The functions refer to
 * nothing but each other, Vega, built-ins and the document; a test runs the composed text on its own and compares what
 * it draws. So there is one drawing code, typed, linted and tested, and no bundler.
 */
import { readFileSync } from 'node:fs';
import {
  axisOf,
  domainOf,
  givenFor,
  logTicks,
  multiplesIn,
  scaleKindOf,
  smallest,
  spareTicks,
  tickLabel,
  ticksOf,
  valueOf,
  vegaScale,
} from '../drawing/axis.ts';
import { drawChart } from '../drawing/chart.ts';
import { layerMarkup, layerOf, leafOf, leavesOf, looks, markupOf } from '../drawing/compact.ts';
import { insideLine, insideSpecs, percentileSpec, shareAt, stolenShades } from '../charts/detail.ts';
import { dodge } from '../drawing/dodge.ts';
import {
  formatFigure,
  formatInUnits,
  formatMilliseconds,
  formatNumber,
  noFigure,
} from '../drawing/figure.ts';
import { axisParameters, labelRows, layoutChart, lineEnds, scalesOf, valuesOf } from '../drawing/layout.ts';
import { digitsOf, unpackChart, unpackDetail } from '../page/pack.ts';
import { paint, viewFor } from '../drawing/painter.ts';
import { paintOf } from '../drawing/paints.ts';
import { drawPanels, panelSize } from '../drawing/panel.ts';
import { pairsOf, placePath } from '../drawing/path.ts';
import { bandRows, joinRows, seriesRows } from '../drawing/rows.ts';
import { dashOf, shapeOf, styleOf } from '../drawing/style.ts';
import { escapeXml, fitText, shorten, textWidth, visible } from '../drawing/text.ts';
import { PAGE_FUNCTIONS, startPage } from '../page/start.ts';

/** Everything that draws. */
export const DRAWING_FUNCTIONS = [
  [noFigure, formatNumber, formatInUnits, formatMilliseconds, formatFigure],
  [escapeXml, visible, shorten, textWidth, fitText],
  [
    vegaScale,
    scaleKindOf,
    givenFor,
    valueOf,
    smallest,
    domainOf,
    axisOf,
    multiplesIn,
    logTicks,
    ticksOf,
    tickLabel,
    spareTicks,
  ],
  [dodge, styleOf, dashOf, shapeOf, bandRows, seriesRows, joinRows],
  [valuesOf, lineEnds, labelRows, axisParameters, scalesOf, layoutChart],
  [viewFor, paint, paintOf, pairsOf, placePath],
  [looks, layerOf, leavesOf, leafOf, markupOf, layerMarkup, drawChart],
  [panelSize, drawPanels, shareAt, percentileSpec, stolenShades, insideSpecs, insideLine],
  [digitsOf, unpackChart, unpackDetail],
].flat();

/** The text of some functions, with the blanks that stand where types stood taken together. */
export function sourceOf(functions: readonly ((...values: never[]) => unknown)[]): string {
  return functions
    .map((one) =>
      one
        .toString()
        .replace(/[^\S\n]*\n\s*/g, '\n')
        .replace(/ {2,}/g, ' '),
    )
    .join('\n');
}

/** A file beside the module that a package resolves to, without the line that names its source map. */
function shipped(specifier: string, file: string): string {
  const text = readFileSync(new URL(file, import.meta.resolve(specifier)), 'utf8');
  return text.replace(/^\/\/# sourceMappingURL=.*$/m, '').trim();
}

/** Vega, which leaves itself in the global `vega`. */
export function vegaScript(): string {
  return shipped('vega', 'vega.min.js');
}

/** Vega's interpreter of expressions, for pages whose policy forbids to compile them: its module as one expression. */
export function interpreterSource(): string {
  const module = shipped('vega-interpreter', 'vega-interpreter.js');
  const body = module
    .replace(/^import (\{[^}]*\}) from 'vega-util';$/m, 'const $1 = vega;')
    .replace(/^export \{ (\w+) as expressionInterpreter \};$/m, 'return $1;');
  return `(() => {\n${body}\n})()`;
}

export function pageScript(): string {
  return `(() => {\n'use strict';\nconst expressionInterpreter = ${interpreterSource()};\n${sourceOf([...DRAWING_FUNCTIONS, ...PAGE_FUNCTIONS, startPage])}\nstartPage();\n})();`;
}
