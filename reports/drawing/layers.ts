/**
 * The layers that charts are made of, in Vega-Lite. Every channel is defined once, here, so that layers which share an
 * axis cannot contradict each other.
 *
 * Nothing in a layer depends on a run: rows come as named data sets, ends of the axes, ticks and their labels as
 * parameters. So a kind of chart is compiled once, whatever it will show. Colours are names of paints (`ink`, `s3` for
 * server 3), which marks.ts resolves.
 */
import type { TopLevelSpec } from 'vega-lite';

export type Layer = Extract<TopLevelSpec, { readonly layer: unknown }>['layer'][number];
type LayerSpec = Omit<Extract<Layer, { readonly mark: unknown }>, 'name' | 'data'> & {
  readonly data?: string;
};

/** A channel whose values are what is drawn: a name of a paint, a dash, a distance in px. */
function asIs(field: string) {
  return { field, type: 'nominal', scale: null } as const;
}

function pixels(field: string) {
  return { field, type: 'quantitative', scale: null, axis: null } as const;
}

/** Domain and ticks are parameters: left to itself `nice` would widen 2–200 on a log axis to 1–1000. */
function measured(axis: 'x' | 'y') {
  const looks = axis === 'x' ? { grid: false } : { domain: false, ticks: false, labelPadding: 8 };
  return {
    type: 'quantitative' as const,
    title: null,
    scale: {
      type: 'log' as const,
      nice: false,
      domain: [{ expr: `${axis}Low` }, { expr: `${axis}High` }],
    },
    axis: {
      values: { expr: `${axis}Ticks` },
      labelExpr: `${axis}Labels[indexof(${axis}Ticks, datum.value)]`,
      ...looks,
    },
  };
}

const X = { field: 'x', ...measured('x') } as const;
const Y = { field: 'y', ...measured('y') } as const;
const PLACE = { x: X, y: Y } as const;
const PIXEL_PLACE = { x: pixels('x'), y: pixels('y') } as const;
const PIXEL_SPAN = { ...PIXEL_PLACE, x2: { field: 'x2' }, y2: { field: 'y2' } } as const;
const STROKE = { stroke: asIs('paint') } as const;

const DOTTED = { stroke: 'muted', strokeWidth: 1.2, strokeDash: [1, 3] };

/** Square of a shape's width in px. */
const DOT = 25;

export const CROSS = 'M-1,-1L1,1M1,-1L-1,1';

/** An upright stroke. */
export const UPRIGHT = 'M0,-1L0,1';

/** By name, which is that of its data set as well where `data` names no other. */
export const LAYERS = {
  /** Stretches of the x axis, shaded over the whole height. */
  shades: {
    mark: { type: 'rect' },
    encoding: {
      x: X,
      x2: { field: 'x2' },
      y: pixels('y'),
      y2: { field: 'y2' },
      fill: asIs('paint'),
      fillOpacity: { field: 'opacity', type: 'quantitative', scale: null },
    },
  },

  /** A line that belongs to no server, such as the ideal. */
  references: {
    mark: { type: 'line', strokeCap: 'round', ...DOTTED },
    encoding: { ...PLACE, detail: { field: 'part', type: 'nominal' } },
  },

  /** The intervals around the medians; `part` counts the stretches that have one. */
  bands: {
    mark: { type: 'area', fillOpacity: 0.14 },
    encoding: {
      ...PLACE,
      y2: { field: 'y2' },
      fill: asIs('paint'),
      detail: { field: 'part', type: 'nominal' },
    },
  },

  /** The interval of a point that has no neighbours. */
  whiskers: {
    mark: { type: 'rule', strokeWidth: 4, strokeOpacity: 0.2 },
    encoding: { ...PLACE, y2: { field: 'y2' }, ...STROKE },
  },

  /** Fitted and predicted curves. */
  curves: {
    mark: { type: 'line', strokeWidth: 1, strokeOpacity: 0.55 },
    encoding: { ...PLACE, ...STROKE },
  },

  /** One line a server. */
  lines: {
    mark: { type: 'line', strokeWidth: 1.9, strokeJoin: 'round' },
    encoding: { ...PLACE, ...STROKE, strokeDash: asIs('dash') },
  },

  /** A shape at every point; one that is not valid is hollow. */
  dots: {
    mark: { type: 'point', size: DOT, strokeWidth: 1.4 },
    encoding: { ...PLACE, ...STROKE, fill: asIs('ground'), shape: asIs('shape') },
  },

  /** Drawn below the cross in the colour of the ground, so that it stands apart from the lines that it lies on. */
  halos: {
    data: 'crosses',
    mark: { type: 'point', shape: CROSS, size: 64, stroke: 'surface', strokeWidth: 4.5 },
    encoding: { ...PLACE, fill: asIs('paint') },
  },

  /** Where clients were lost, or clients, exchanges or trials failed. */
  crosses: {
    mark: { type: 'point', shape: CROSS, size: 64, strokeWidth: 2 },
    encoding: { ...PLACE, ...STROKE },
  },

  /** The interval of the knee of a fitted curve. */
  'knee-spans': {
    mark: { type: 'rule', strokeWidth: 1.6 },
    encoding: { ...PLACE, x2: { field: 'x2' }, ...STROKE },
  },

  /** The knee itself: an upright stroke. */
  knees: {
    mark: { type: 'point', shape: UPRIGHT, size: 144, strokeWidth: 1.6 },
    encoding: { ...PLACE, ...STROKE },
  },

  /** From the end of a line to its name, where that had to move. */
  leaders: {
    mark: { type: 'rule', strokeWidth: 0.8, strokeOpacity: 0.45 },
    encoding: { ...PIXEL_SPAN, ...STROKE },
  },

  /** The shape of a server beside its name. */
  keys: {
    mark: { type: 'point', size: DOT, strokeWidth: 1.4 },
    encoding: { ...PIXEL_PLACE, ...STROKE, fill: asIs('paint'), shape: asIs('shape') },
  },

  /** The dots of a reference beside its name; and, in a legend, the line of a server. */
  strokes: {
    mark: { type: 'rule', strokeWidth: 1.9 },
    encoding: { ...PIXEL_SPAN, ...STROKE, strokeDash: asIs('dash') },
  },

  /** Names at the ends of lines. */
  labels: {
    mark: { type: 'text', align: 'left', baseline: 'middle', fontSize: 11.5 },
    encoding: { ...PIXEL_PLACE, text: { field: 'text', type: 'nominal' }, fill: asIs('paint') },
  },

  /** Titles of the axes: above the upright one, below the other. */
  titles: {
    mark: {
      type: 'text',
      align: { expr: 'datum.align' },
      fontSize: 11.5,
      fontWeight: { expr: "datum.align === 'left' ? 600 : 400" },
    },
    encoding: { ...PIXEL_PLACE, text: { field: 'text', type: 'nominal' }, fill: asIs('paint') },
  },

  /** Upright lines over the whole height of a forest plot: no difference, and the effects that matter. */
  guides: {
    mark: { type: 'rule', strokeWidth: 1 },
    encoding: { x: X, y: pixels('y'), y2: { field: 'y2' }, ...STROKE, strokeDash: asIs('dash') },
  },

  /** The interval of an effect. */
  intervals: {
    mark: { type: 'rule', strokeWidth: 1.9 },
    encoding: { x: X, x2: { field: 'x2' }, y: pixels('y'), ...STROKE },
  },

  /** One launch. */
  launches: {
    mark: { type: 'point', size: 44, strokeWidth: 1.2, fillOpacity: 0.6 },
    encoding: { x: X, y: pixels('y'), ...STROKE, fill: asIs('ground'), shape: asIs('shape') },
  },

  /** An effect. */
  effects: {
    mark: { type: 'point', size: 56, strokeWidth: 1.6 },
    encoding: { x: X, y: pixels('y'), ...STROKE, fill: asIs('ground'), shape: asIs('shape') },
  },
} as const satisfies Readonly<Record<string, LayerSpec>>;

export type LayerName = keyof typeof LAYERS;

/** A layer as Vega-Lite has it: its rows are given when the chart is drawn, as they are: numbers are numbers. */
export function layerOf(name: LayerName): Layer {
  const { data = name, ...drawn }: LayerSpec = LAYERS[name];
  return { name, data: { name: data, format: { type: 'json', parse: null } }, ...drawn };
}
