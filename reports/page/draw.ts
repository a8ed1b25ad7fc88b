/** Draws the charts of the page anew: for another scale, other servers, another width, another cell. */
import type { ChartSpec } from '../drawing/spec.ts';
import type { Page } from './page.ts';
import { markupOf } from '../drawing/marks.ts';
import { insideLine, insideSpecs, percentileSpec } from '../charts/detail.ts';
import { layoutChart } from '../drawing/chart.ts';
import { unpackDetail } from './pack.ts';
import { paint } from '../drawing/painter.ts';
import { drawPanels } from '../drawing/panel.ts';
import { visible } from '../../harness/analysis/text/visible.ts';

/** A chart that is to be drawn. */
export interface ChartJob {
  readonly id: string;
  readonly scenario: number;
  readonly spec: ChartSpec;
  /** A point of it is a cell. */
  readonly cells: boolean;
}

/**
 * Draws every chart of the scenarios that are shown. All widths are read before anything is written: a reading after
 * a writing would make the browser lay out the page once a chart.
 */
export function drawAll(page: Page): void {
  const { scenario: only, linear, hidden } = page.state;
  const shown = (scenario: number): boolean => only === null || only === scenario;
  const sweeps = Object.entries(page.charts).filter(([, { scenario }]) => shown(scenario));
  const jobs = [
    ...sweeps.map(([id, chart]): ChartJob => ({ id, ...chart, cells: !id.startsWith('order') })),
    ...page.data.details.flatMap((_, scenario) => (shown(scenario) ? detailJobs(page, scenario) : [])),
  ];
  const measured = jobs.flatMap((job) => {
    const svg = document.getElementById(`c-${job.id}`) as SVGSVGElement | null;
    const width = svg?.parentElement?.clientWidth ?? 0;
    return svg && width > 0 ? [{ ...job, svg, width }] : [];
  });
  for (const { svg, width, spec, scenario, cells } of measured) {
    const layout = layoutChart(spec, { width, names: page.data.names, linear, hidden });
    const before = page.drawn.get(svg);
    // What the page came with is what would be drawn on a screen of the usual width.
    const asDelivered =
      !before && !linear && hidden.length === 0 && svg.viewBox.baseVal.width === width && !page.state.cell;
    const same = before
      ? !before.stale && JSON.stringify(before.layout.scene) === JSON.stringify(layout.scene)
      : asDelivered && svg.childElementCount > 0;
    page.drawn.set(svg, { layout, scenario, spec, cells, stale: !same });
  }
  drawStale(page, 'in sight');
  for (const [id, { spec }] of sweeps) drawPanelsInto(page, id, spec);
}

/** Draws what is stale: what the reader sees at once, the rest one by one, so that the page goes on reacting. */
export function drawStale(page: Page, which: 'in sight' | 'next' | 'all'): void {
  const stale = [...page.drawn].filter(([, chart]) => chart.stale);
  const inSight = (svg: SVGSVGElement): boolean => {
    const { top, bottom } = svg.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight;
  };
  const now =
    which === 'all' ? stale : which === 'next' ? stale.slice(0, 1) : stale.filter(([svg]) => inSight(svg));
  for (const [svg, chart] of now) {
    const { scene, width, height } = chart.layout;
    svg.innerHTML = markupOf(paint(page.painter, scene));
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    chart.stale = false;
  }
  clearTimeout(page.timer);
  const more = stale.length > now.length;
  document.querySelector('main')?.setAttribute('aria-busy', String(more));
  if (more) page.timer = window.setTimeout(() => drawStale(page, 'next'), 0);
}

/** The small multiples of a chart, if it has any. */
function drawPanelsInto(page: Page, id: string, spec: ChartSpec): void {
  const { linear, hidden } = page.state;
  const root = document.querySelector<HTMLElement>(`[data-panels="${id}"]`);
  const common = document.getElementById(`g-${id}`);
  const look = `${linear} ${hidden.join(' ')}`;
  if (!root || !common || (root.dataset['look'] ?? 'false ') === look) return;
  root.dataset['look'] = look;
  const series = spec.series.filter(({ server }) => !hidden.includes(server));
  const { ground, panel } = drawPanels(page.painter, { ...spec, series }, linear);
  common.innerHTML = ground;
  for (const slot of root.querySelectorAll<SVGGElement>('[data-panel]')) {
    slot.innerHTML = panel(Number(slot.dataset['panel']));
  }
}

/** Percentile curves and the inside of the chosen cell's trial, and the line of text about it. */
function detailJobs(page: Page, scenario: number): ChartJob[] {
  const { data } = page;
  const { server, level } = chosenCell(page, scenario);
  const details = (data.details[scenario] ?? []).map((levels) => unpackDetail(levels[level] ?? null));
  const inside = details[server]?.inside;
  const root = document.querySelector<HTMLElement>(`[data-inside="${scenario}"]`);
  const line = root?.querySelector('.which');
  const clients = data.scenarios[scenario]?.levels[level] ?? 0;
  const name = data.names[server] ?? '';
  if (line)
    line.textContent = inside
      ? insideLine(name, clients, inside)
      : `${visible(name)} with ${clients} clients: no trial was completed.`;
  // Hidden, not gone: what stands below keeps its place when there is nothing to draw.
  root?.querySelector('.grid')?.classList.toggle('nothing', !inside);
  const insides = inside ? insideSpecs(server, inside, 200) : [];
  return [
    { id: `tail-${scenario}`, scenario, spec: percentileSpec(details, 360), cells: false },
    ...insides.map((spec, i) => ({ id: `inside-${scenario}-${i}`, scenario, spec, cells: false })),
  ];
}

/** The cell in detail: the reader's, else the one that the page came with. */
export function chosenCell(
  page: Page,
  scenario: number,
): { readonly server: number; readonly level: number } {
  const levels = page.data.scenarios[scenario]?.levels.length ?? 0;
  if (page.state.cell)
    return { server: page.state.cell.server, level: Math.min(page.state.cell.level, levels - 1) };
  // The option that the page came with keeps its attribute, whatever is chosen later.
  const own = (name: string): number => {
    const select = document.querySelector(
      `[data-tail="${scenario}"] [data-choose="${name}"], [data-inside="${scenario}"] [data-choose="${name}"]`,
    );
    return Number(select?.querySelector('option[selected]')?.getAttribute('value') ?? 0);
  };
  return { server: own('server'), level: own('level') };
}
