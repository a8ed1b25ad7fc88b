/** Brings the page to life. Without it everything is there to read; it adds choice. */
import { expressionInterpreter } from 'vega-interpreter';
import type { Painter } from '../drawing/painter.ts';
import type { AxisSpec } from '../drawing/spec.ts';
import type { PageData } from '../html/payload.ts';
import type { Page } from './page.ts';
import type { PageState } from './state.ts';
import { unpackChart } from './pack.ts';
import { chosenCell, drawAll, drawStale } from './draw.ts';
import { followPointer } from './pointer.ts';
import { readState, writeState } from './state.ts';
import { enlivenTables } from './tables.ts';

/** Sets every control to the state. */
function showState(page: Page): void {
  const { state, data } = page;
  const check = (id: string, checked: boolean): void => {
    const input = document.getElementById(id) as HTMLInputElement | null;
    if (input) input.checked = checked;
  };
  check(state.scenario === null ? 'sc-all' : `sc${state.scenario}`, true);
  check(state.linear ? 'scale-linear' : 'scale-log', true);
  data.names.forEach((_, server) => check(`v${server}`, !state.hidden.includes(server)));
  const shown = document.getElementById('shown');
  if (shown) shown.textContent = `${data.names.length - state.hidden.length} of ${data.names.length}`;
  data.scenarios.forEach((_, scenario) => {
    const cell = chosenCell(page, scenario);
    for (const name of ['server', 'level'] as const) {
      for (const select of document.querySelectorAll<HTMLSelectElement>(
        `[data-sc="${scenario}"] [data-choose="${name}"]`,
      )) {
        select.value = String(cell[name]);
      }
    }
  });
}

function startPage(): void {
  document.documentElement.classList.add('js');
  const data = JSON.parse(document.getElementById('data')?.textContent ?? '') as PageData;
  const read = (): PageState => readState(window.location.hash, data.names.length, data.scenarios.length);
  const charts = Object.entries(data.charts).map(
    ([id, { scenario, x, spec }]) =>
      [id, { scenario, spec: unpackChart({ ...spec, x: data.axes[x] as AxisSpec }) }] as const,
  );
  const page: Page = {
    data,
    // Kinds that the page does not draw anew were not sent.
    painter: { kinds: data.kinds as Painter['kinds'], interpreter: expressionInterpreter, views: new Map() },
    charts: Object.fromEntries(charts),
    state: read(),
    drawn: new Map(),
  };
  const show = (): void => {
    showState(page);
    drawAll(page);
  };
  const change = (part: Partial<PageState>): void => {
    page.state = { ...page.state, ...part };
    window.history.replaceState(
      null,
      '',
      writeState(page.state) || window.location.pathname + window.location.search,
    );
    show();
  };
  const hiddenNow = (): number[] =>
    data.names.flatMap((_, i) =>
      (document.getElementById(`v${i}`) as HTMLInputElement | null)?.checked ? [] : [i],
    );

  document.addEventListener('change', (event) => {
    const control = event.target as HTMLInputElement | HTMLSelectElement;
    if (control.name === 'scenario')
      change({ scenario: control.value === 'all' ? null : Number(control.value) });
    else if (control.name === 'scale') change({ linear: control.value === 'linear' });
    else if (/^v\d+$/.test(control.id)) change({ hidden: hiddenNow() });
    else if (control.dataset['choose']) {
      const scenario = Number(control.closest<HTMLElement>('[data-sc]')?.dataset['sc']);
      change({ cell: { ...chosenCell(page, scenario), [control.dataset['choose']]: Number(control.value) } });
    }
  });
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-show]')) {
    button.addEventListener('click', () =>
      change({ hidden: button.dataset['show'] === 'all' ? [] : data.names.map((_, i) => i).slice(1) }),
    );
  }
  followPointer(page, (scenario, server, clients) => {
    change({ cell: { server, level: data.scenarios[scenario]?.levels.indexOf(clients) ?? 0 } });
  });
  enlivenTables(data.orders);
  window.addEventListener('hashchange', () => {
    if (!window.location.hash.includes('=') && window.location.hash !== '') return;
    page.state = read();
    show();
  });
  window.addEventListener('beforeprint', () => drawStale(page, 'all'));
  let width = document.documentElement.clientWidth;
  window.addEventListener('resize', () => {
    if (document.documentElement.clientWidth === width) return;
    width = document.documentElement.clientWidth;
    drawAll(page);
  });
  show();
}

startPage();
