/** The data that the page's script draws from, as JSON that cannot end its own element. */
import type { PackedChart, PackedDetail } from '../draw/pack.ts';
import type { Painter } from '../draw/painter.ts';
import type { ReportView } from '../view/view.ts';
import { packChart, packDetail } from '../draw/pack.ts';
import { visible } from '../draw/text.ts';

/** What the script reads; see page/. */
export interface PageData {
  /** Charts by kind, in Vega. */
  readonly kinds: Painter['kinds'];
  readonly names: readonly string[];
  readonly scenarios: readonly { readonly levels: readonly number[] }[];
  readonly charts: Readonly<Record<string, { readonly scenario: number; readonly spec: PackedChart }>>;
  readonly details: readonly (readonly (readonly (PackedDetail | null)[])[])[];
}

export function pageData(view: ReportView, kinds: Painter['kinds']): string {
  const data: PageData = {
    kinds,
    names: view.servers.map(({ name }) => visible(name)),
    scenarios: view.scenarios.map(({ levels }) => ({ levels })),
    charts: Object.fromEntries(
      view.charts.map(({ id, scenario, spec }) => [id, { scenario, spec: packChart(spec) }]),
    ),
    details: view.details.map((servers) =>
      servers.map((levels) => levels.map((cell) => (cell ? packDetail(cell) : null))),
    ),
  };
  return jsonForScript(data);
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
