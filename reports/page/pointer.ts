/** Hovering and choosing: the nearest point of a chart, the figures beside the pointer, one server before the others. */
import { formatRange, formatValue } from '../../harness/analysis/text/format.ts';
import { counted } from '../../harness/analysis/text/phrases.ts';
import type { PointSpec } from '../drawing/spec.ts';
import type { DrawnChart, Page } from './page.ts';
import { visible } from '../../harness/analysis/text/visible.ts';

export interface Nearest {
  readonly server: number;
  readonly point: PointSpec;
  readonly x: number;
  readonly y: number;
}

/** Puts one server before the others in every chart and table; null puts all on a level again. */
export function highlight(server: number | null): void {
  const main = document.querySelector('main');
  if (server === null) main?.removeAttribute('data-hot');
  else main?.setAttribute('data-hot', String(server));
}

/** The point that is nearest to a place (px of the drawing), of the servers that are shown, within 40 px. */
function nearestPoint(chart: DrawnChart, hidden: readonly number[], x: number, y: number): Nearest | null {
  let best: Nearest | null = null;
  let least = 40 ** 2;
  for (const { server, points } of chart.spec.series) {
    if (hidden.includes(server)) continue;
    for (const point of points) {
      if (point[1] === null) continue;
      const [px, py] = [chart.layout.toX(point[0]), chart.layout.toY(point[1])];
      // Across counts less than along: a reader points at a line somewhere above a value of x.
      const distance = (px - x) ** 2 + 1.5 * (py - y) ** 2;
      if (distance < least) {
        least = distance;
        best = { server, point, x: px, y: py };
      }
    }
  }
  return best;
}

/** The figures of a point as lines of text: the server, where, how much, how sure, what was the matter. */
function readoutLines(chart: DrawnChart, names: readonly string[], { server, point }: Nearest): string[] {
  const [x, y, low, high, mark] = point;
  const { spec } = chart;
  const spread = low === null || high === null ? '' : `, band ${formatRange(low, high, spec.y.unit)}`;
  const where = chart.cells ? counted(x, 'client') : `${spec.x.title} ${formatValue(x, spec.x.unit)}`;
  const remark =
    mark === 1
      ? 'Not every client or exchange was served here.'
      : mark === 2
        ? 'A trial here is not valid.'
        : '';
  return [visible(names[server] ?? ''), `${where}: ${formatValue(y, spec.y.unit)}${spread}`, remark].filter(
    Boolean,
  );
}

/** Follows the pointer over all charts. `choose` is called with the cell of a point that is clicked. */
export function followPointer(
  page: Page,
  choose: (scenario: number, server: number, clients: number) => void,
): void {
  const readout = document.createElement('div');
  readout.className = 'readout';
  readout.hidden = true;
  document.body.append(readout);

  const under = (
    event: MouseEvent,
  ): { svg: SVGSVGElement; chart: DrawnChart; nearest: Nearest | null } | null => {
    const svg = (event.target as Element).closest<SVGSVGElement>('svg.chart');
    const chart = svg ? page.drawn.get(svg) : undefined;
    if (!svg || !chart) return null;
    const box = svg.getBoundingClientRect();
    return {
      svg,
      chart,
      nearest: nearestPoint(chart, page.state.hidden, event.clientX - box.left, event.clientY - box.top),
    };
  };
  document.addEventListener('mousemove', (event) => {
    const found = under(event);
    const label = (event.target as Element).closest?.<HTMLElement>('main [data-s], .pick .sv[data-s]');
    const server = label ? Number(label.dataset['s']) : (found?.nearest?.server ?? null);
    highlight(server);
    readout.hidden = !found?.nearest;
    if (!found?.nearest) return;
    const [name = '', ...lines] = readoutLines(found.chart, page.data.names, found.nearest);
    const strong = document.createElement('b');
    strong.textContent = name;
    readout.replaceChildren(strong, ...lines.flatMap((line) => [document.createElement('br'), line]));
    const box = found.svg.getBoundingClientRect();
    const left = box.left + found.nearest.x + 14;
    const beyond = left + readout.offsetWidth > document.documentElement.clientWidth - 8;
    readout.style.left = `${window.scrollX + Math.max(8, beyond ? left - readout.offsetWidth - 28 : left)}px`;
    readout.style.top = `${window.scrollY + box.top + found.nearest.y - readout.offsetHeight - 8}px`;
  });
  document.addEventListener('mouseleave', () => highlight(null));
  document.addEventListener('click', (event) => {
    const found = under(event);
    if (found?.nearest && found.chart.cells)
      choose(found.chart.scenario, found.nearest.server, found.nearest.point[0]);
  });
  const focused = (event: FocusEvent): void => {
    const owner = (event.target as Element).closest?.('li, tr')?.querySelector<HTMLElement>('[data-s]');
    highlight(owner && event.type === 'focusin' ? Number(owner.dataset['s']) : null);
  };
  document.addEventListener('focusin', focused);
  document.addEventListener('focusout', focused);
}
