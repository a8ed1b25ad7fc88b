/** The data that the page's script draws from, as JSON that cannot end its own element. */
import type { PackedChart, PackedDetail } from '../page/pack.ts';
import type { AxisSpec } from '../drawing/spec.ts';
import type { Painter } from '../drawing/painter.ts';
import type { ReportView, TableView } from '../view/view.ts';
import { ordersOf } from '../page/orders.ts';
import { packChart, packDetail } from '../page/pack.ts';
import { visible } from '../../harness/analysis/text/visible.ts';

/** A chart with the position of its x axis in `axes`. */
interface ChartData {
  readonly scenario: number;
  readonly x: number;
  readonly spec: Omit<PackedChart, 'x'>;
}

/** The other kinds, of effects and legends, stay as they came. */
export type RedrawnKind = 'sweep' | 'curve' | 'scatter' | 'panel';

/** What the script reads; see page/. */
export interface PageData {
  /** Charts by kind, in Vega: those that are drawn anew. */
  readonly kinds: Pick<Painter['kinds'], RedrawnKind>;
  readonly names: readonly string[];
  readonly scenarios: readonly { readonly levels: readonly number[] }[];
  /** Axes of clients, most of which are alike. */
  readonly axes: readonly AxisSpec[];
  readonly charts: Readonly<Record<string, ChartData>>;
  /** Orders of the rows of every table, by its id and its columns; see page/orders.ts. */
  readonly orders: Readonly<Record<string, readonly string[]>>;
  readonly details: readonly (readonly (readonly (PackedDetail | null)[])[])[];
}

export function pageData(view: ReportView, { sweep, curve, scatter, panel }: Painter['kinds']): string {
  const texts = [...new Set(view.charts.map(({ spec }) => JSON.stringify(spec.x)))];
  const data: PageData = {
    kinds: { sweep, curve, scatter, panel },
    names: view.servers.map(({ name }) => visible(name)),
    scenarios: view.scenarios.map(({ levels }) => ({ levels })),
    axes: texts.map((text) => JSON.parse(text) as AxisSpec),
    charts: Object.fromEntries(
      view.charts.map(({ id, scenario, spec }): readonly [string, ChartData] => {
        const { x, ...rest } = packChart(spec);
        return [id, { scenario, x: texts.indexOf(JSON.stringify(x)), spec: rest }];
      }),
    ),
    orders: Object.fromEntries(tablesOf(view).map((table) => [table.id, ordersOf(table)])),
    details: view.details.map((servers) =>
      servers.map((levels) => levels.map((cell) => (cell ? packDetail(cell) : null))),
    ),
  };
  return jsonForScript(data);
}

function tablesOf({ standings, tables, comparison }: ReportView): TableView[] {
  return [...standings.map(({ table }) => table), ...tables, ...(comparison?.matrices ?? [])];
}

/**
 * JSON for the inside of a `<script>` element: `<` would let `</script>` or `<!--` in a name end it. U+2028 and
 * U+2029 are escaped for readers that take the text for JavaScript.
 */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}
