/**
 * Colours and the rules that draw with them.
 *
 * Servers take the colours of Okabe and Ito (2008), which people with any common colour blindness can tell apart,
 * without the yellow that vanishes on white; dash and shape vary as well (drawing/style.ts). In the page colours are CSS
 * variables, which serve light, dark and print in one picture; a picture that stands alone has them resolved.
 */
import type { Config } from 'vega-lite';
import { styleOf } from './drawing/style.ts';

type Paint = 'ink' | 'muted' | 'faint' | 'line' | 'surface' | 'raised' | 'accent' | 'alarm' | 'warn';

/** Colours of a page or a picture by their names, and those of its servers. */
export type Theme = Readonly<Record<Paint, string>> & { readonly series: readonly string[] };

export const LIGHT: Theme = {
  ink: '#1b1f24',
  muted: '#59626d',
  faint: '#e6e8eb',
  line: '#c3c8ce',
  surface: '#ffffff',
  raised: '#f6f7f8',
  accent: '#00598c',
  alarm: '#b3261e',
  warn: '#8a5a00',
  series: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#3c434b'],
};

/** The same hues, lightened until each stands out from the dark surface by at least 3 : 1. */
export const DARK: Theme = {
  ink: '#e7eaed',
  muted: '#a2abb5',
  faint: '#2a2f36',
  line: '#4a525c',
  surface: '#14171b',
  raised: '#1d2127',
  accent: '#7cc4f0',
  alarm: '#ff9087',
  warn: '#f0b84a',
  series: ['#3f9fdd', '#f07b3c', '#21b98c', '#dd94bf', '#f0b429', '#8fd0f5', '#c5ccd3'],
};

/** Widest first in its class: what is laid out with textWidth() fits in each of them. */
export const FONT = 'system-ui,-apple-system,"Segoe UI","Helvetica Neue","DejaVu Sans",Arial,sans-serif';

/** `--ink:#…;--muted:#…;…;--k0:#…` */
export function variablesOf({ series, ...named }: Theme): string {
  const entries = [...Object.entries(named), ...series.map((colour, i) => [`k${i}`, colour] as const)];
  return entries.map(([name, colour]) => `--${name}:${colour}`).join(';');
}

/** How Vega draws what the layers leave open. Colours are names of paints (drawing/marks.ts). */
export function chartConfig(): Config {
  return {
    // The root of a chart says what it is; a role on each of its marks would be noise to a reader of the screen.
    aria: false,
    font: FONT,
    mark: { invalid: null },
    view: { stroke: null },
    text: { fontSize: 11 },
    axis: {
      domainColor: 'line',
      gridColor: 'faint',
      labelColor: 'muted',
      labelFontSize: 11,
      labelOverlap: false,
      tickColor: 'line',
      tickSize: 4,
    },
  };
}

/** The markup of a drawing with every variable of the page replaced by its colour, for where there is no page. */
export function resolved(markup: string, { series: _, ...named }: Theme): string {
  const colours = new Map(Object.entries(named));
  return markup.replace(/"var\(--(\w+)\)"/g, (whole, name: string) => {
    const colour = colours.get(name);
    return colour ? `"${colour}"` : whole;
  });
}

/**
 * CSS of what the drawings leave to it: text, servers' colours, quiet marks, in the colours of a theme or, in the page,
 * in its variables. `servers`: how many there are.
 */
export function drawingRules(servers: number, theme?: Theme): string {
  const perServer = Array.from({ length: servers }, (_, i) => {
    const { colour } = styleOf(i);
    return `.s${i}{color:${theme?.series[colour] ?? `var(--k${colour})`}}`;
  });
  // Not below .chart: what <use> repeats is styled as if it stood alone.
  const text = `.chart{font:11px ${FONT};fill:${theme?.ink ?? 'var(--ink)'}}`;
  return [text, '.o{display:none}', ...perServer].join('\n');
}
