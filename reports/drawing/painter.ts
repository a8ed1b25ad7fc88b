/** Pictures by Vega: a scene goes in, SVG comes out. Runs in the page as well. */
import * as vega from 'vega';
import type { Runtime, Spec, View } from 'vega';
import type { ChartKind } from './kinds.ts';
import type { Datum, Scene } from './scene.ts';

declare module 'vega' {
  /** Writes a scene graph as SVG, without a document; what View.toSVG() draws with. Missing in the typings. */
  export class SVGStringRenderer {
    initialize(element: null, width: number, height: number, origin: readonly [number, number]): this;
    render(root: unknown): this;
    svg(): string;
  }
}

/** Compiled kinds, and the views that were made of them: a view is drawn again with other data in half the time. */
export interface Painter {
  readonly kinds: Readonly<Record<ChartKind, Spec>>;
  /** Evaluates Vega's expressions where the policy of the page forbids to compile them; null where it may. */
  readonly interpreter: object | null;
  readonly views: Map<string, View>;
}

/** The view of a kind with scales of these types: the one thing that Vega does not take from a signal. */
export function viewFor(painter: Painter, kind: ChartKind, types: Scene['types']): View {
  const name = `${kind} ${types.x} ${types.y}`;
  const known = painter.views.get(name);
  if (known) return known;
  const spec = painter.kinds[kind];
  const scales = (spec.scales ?? []).map((scale) =>
    scale.name === 'x' || scale.name === 'y' ? { ...scale, type: types[scale.name], zero: false } : scale,
  );
  const { interpreter } = painter;
  // The types of a scale in Vega's typings are one interface a type: a replaced type is none of them.
  const runtime: Runtime = vega.parse({ ...spec, scales } as Spec, undefined, { ast: interpreter !== null });
  const options = { renderer: 'none', logLevel: vega.Warn } as const;
  const view = new vega.View(runtime, interpreter ? { ...options, expr: interpreter } : options);
  painter.views.set(name, view);
  return view;
}

/** The scene as SVG, as Vega writes it. The same scene gives the same text, whatever was drawn before. */
export function paint(painter: Painter, scene: Scene): string {
  const view = viewFor(painter, scene.kind, scene.types);
  const { width, height, origin } = scene;
  view.width(width).height(height);
  for (const [name, value] of Object.entries(scene.parameters)) view.signal(name, value);
  for (const name of painter.kinds[scene.kind].data?.flatMap((data) => ('source' in data ? [] : data.name)) ??
    []) {
    // Vega marks its rows with an identity: they are its own.
    const rows: readonly Datum[] = scene.data[name] ?? [];
    view.data(
      name,
      rows.map((row) => ({ ...row })),
    );
  }
  // Nothing is loaded and nothing in the specs is asynchronous: run() has drawn when it returns.
  view.run();
  return new vega.SVGStringRenderer()
    .initialize(null, width, height, origin)
    .render((view.scenegraph() as unknown as { readonly root: unknown }).root)
    .svg();
}
