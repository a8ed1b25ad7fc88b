/** Pictures by Vega: a scene goes in, its marks come out (marks.ts). */
import { parse, View, Warn } from 'vega';
import type { Runtime, Spec } from 'vega';
import type { ChartKind } from './kinds.ts';
import type { Mark, VegaMark } from './marks.ts';
import { marksOf } from './marks.ts';

/** Types of Vega's scales that charts use. */
export type ScaleType = 'linear' | 'log' | 'symlog';

/** One row of a data set; which fields there are is up to the layer that draws it (layers.ts). */
export type Datum = Readonly<Record<string, string | number | readonly number[]>>;

/** What Vega is given to draw one chart: sizes, parameters and rows, all plain data. */
export interface Scene {
  readonly kind: ChartKind;
  readonly types: { readonly x: ScaleType; readonly y: ScaleType };
  /** Size of the plot in px, without what stands around it. */
  readonly width: number;
  readonly height: number;
  /** Where the plot begins in the picture. */
  readonly origin: readonly [left: number, top: number];
  /** Ends, ticks and labels of the axes. */
  readonly parameters: Readonly<Record<string, number | readonly number[] | readonly string[]>>;
  /** Rows by the name of their data set; one that is missing is empty. */
  readonly data: Readonly<Record<string, readonly Datum[]>>;
}

/** Compiled kinds, and the views that were made of them: a view is drawn again with other data in half the time. */
export interface Painter {
  readonly kinds: Readonly<Record<ChartKind, Spec>>;
  /** Evaluates Vega's expressions where the policy of the page forbids to compile them; null where it may. */
  readonly interpreter: object | null;
  readonly views: Map<string, View>;
}

/** The view of a kind with scales of these types: the one thing that Vega does not take from a signal. */
function viewFor(painter: Painter, kind: ChartKind, types: Scene['types']): View {
  const name = `${kind} ${types.x} ${types.y}`;
  const known = painter.views.get(name);
  if (known) return known;
  const spec = painter.kinds[kind];
  const scales = (spec.scales ?? []).map((scale) =>
    scale.name === 'x' || scale.name === 'y' ? { ...scale, type: types[scale.name], zero: false } : scale,
  );
  const { interpreter } = painter;
  // The types of a scale in Vega's typings are one interface a type: a replaced type is none of them.
  const runtime: Runtime = parse({ ...spec, scales } as Spec, undefined, { ast: interpreter !== null });
  const options = { renderer: 'none', logLevel: Warn } as const;
  const view = new View(runtime, interpreter ? { ...options, expr: interpreter } : options);
  painter.views.set(name, view);
  return view;
}

/** The marks of a scene, in the order in which they are drawn. The same scene gives the same, whatever was drawn before. */
export function paint(painter: Painter, scene: Scene): Mark[] {
  const view = viewFor(painter, scene.kind, scene.types);
  view.width(scene.width).height(scene.height);
  for (const [name, value] of Object.entries(scene.parameters)) view.signal(name, value);
  const sets = painter.kinds[scene.kind].data ?? [];
  for (const name of sets.flatMap((data) => ('source' in data ? [] : data.name))) {
    // Vega marks its rows with an identity: they are its own.
    const rows = (scene.data[name] ?? []).map((row) => ({ ...row }));
    view.data(name, rows);
  }
  // Nothing is loaded and nothing in the specs is asynchronous: run() has drawn when it returns.
  view.run();
  const { root } = view.scenegraph() as unknown as { readonly root: VegaMark };
  return marksOf(root, scene.origin);
}
