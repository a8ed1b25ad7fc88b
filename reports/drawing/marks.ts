/**
 * The marks of Vega's scene graph as SVG, small enough for a page of a hundred charts: one group a layer with what its
 * marks have in common, one path for all points of a server, steps in tenths of a px, and the paints put in.
 *
 * Longer than 250 lines because it is one job: every kind of mark and shape is written by the same few helpers.
 */
import { CROSS, UPRIGHT } from './layers.ts';
import { escapeXml } from './text.ts';

/** One mark, standing where it is drawn. */
export interface Mark {
  /** The layer that it belongs to, or the part of an axis. */
  readonly layer: string;
  /** The server whose mark it is; null for none. */
  readonly server: number | null;
  /** Shown only while its server is highlighted. */
  readonly quiet: boolean;
  /** Attributes of its look, by name. */
  readonly look: ReadonlyMap<string, string>;
  /** Path data, or a text with its place in px. */
  readonly shape:
    | { readonly path: string }
    | { readonly text: string; readonly x: number; readonly y: number };
}

/** A set of marks in Vega's scene graph, as far as it is read here. */
export interface VegaMark {
  readonly marktype: string;
  readonly name?: string;
  readonly role?: string;
  readonly items: readonly VegaItem[];
}

type VegaItem = Readonly<Partial<Record<(typeof LOOK)[number][1], string | number | readonly number[]>>> & {
  readonly x?: number;
  readonly y?: number;
  readonly x2?: number;
  readonly y2?: number;
  readonly width?: number;
  readonly height?: number;
  /** Of a symbol: its name or path, and its area in px². */
  readonly shape?: string;
  readonly size?: number;
  readonly text?: string;
  readonly dx?: number;
  readonly dy?: number;
  readonly align?: string;
  readonly baseline?: string;
  /** Of a group: what is in it. */
  readonly items?: readonly VegaMark[];
  /** Of a part of an axis: which tick it belongs to, by its place from 0 to 1. Of a group of lines: whose they are. */
  readonly datum?: { readonly index?: number; readonly paint?: string; readonly part?: string };
};

/** Attributes that say how a mark looks, with their names in Vega. All others are said by the style sheet. */
const LOOK = [
  ['fill', 'fill'],
  ['fill-opacity', 'fillOpacity'],
  ['stroke', 'stroke'],
  ['stroke-width', 'strokeWidth'],
  ['stroke-opacity', 'strokeOpacity'],
  ['stroke-dasharray', 'strokeDash'],
  ['stroke-linecap', 'strokeCap'],
  ['stroke-linejoin', 'strokeJoin'],
  ['font-size', 'fontSize'],
  ['font-weight', 'fontWeight'],
] as const;

/** All marks below a group, in the order in which they are drawn. */
export function marksOf(group: VegaMark, [left, top]: readonly [number, number], around = ''): Mark[] {
  const layer = group.name?.replace(/_marks$/, '');
  const part = /^axis-(\w+)/.exec(group.role ?? '')?.[1];
  const own = part ?? (group.role === 'mark' && layer ? layer : around);
  if (group.marktype === 'group') {
    return bySeries(group.items).flatMap(({ x = 0, y = 0, items = [] }) =>
      items.flatMap((mark) => marksOf(mark, [left + x, top + y], own)),
    );
  }
  const [first] = group.items;
  if (!own || !first) return [];
  if (group.marktype === 'line' || group.marktype === 'area')
    return [markOf(first, own, { path: outline(group, left, top) })];
  return (part ? byTick(group.items) : group.items).flatMap((item) =>
    item.fill || item.stroke ? [markOf(item, own, shapeOf(group.marktype, item, left, top))] : [],
  );
}

/** In the order of the servers, and of each one's stretches: Vega leaves a group that the view had where it was. */
function bySeries(groups: readonly VegaItem[]): readonly VegaItem[] {
  const place = ({ datum: { paint = '', part = '' } = {} }: VegaItem): number =>
    Number(/\d+$/.exec(paint)?.[0] ?? 0) * 1000 + Number(/\.(\d+)$/.exec(part)?.[1] ?? 0);
  return groups.toSorted((a, b) => place(a) - place(b));
}

/** In the order of the ticks: Vega leaves an item that the view had for the same value where it was. */
function byTick(items: readonly VegaItem[]): readonly VegaItem[] {
  return items.toSorted((a, b) => (a.datum?.index ?? 0) - (b.datum?.index ?? 0));
}

function markOf(item: VegaItem, layer: string, shape: Mark['shape']): Mark {
  const owner = /^(?:([sqt])|\w+@)(\d+)$/;
  const [, kind, server] = owner.exec(String(item.stroke)) ?? owner.exec(String(item.fill)) ?? [];
  const look = new Map([['fill', 'none']]);
  for (const [name, property] of LOOK) {
    const value = item[property];
    if (value === undefined || value === null) continue;
    if (property === 'strokeDash' && String(value) === '1,0') continue;
    if (property.startsWith('font') && !('text' in shape)) continue;
    look.set(name, property === 'fill' || property === 'stroke' ? paintOf(String(value)) : String(value));
  }
  const anchor = { center: 'middle', right: 'end' }[item.align ?? ''];
  if ('text' in shape && anchor) look.set('text-anchor', anchor);
  return {
    layer: layer === 'label' ? `label-${anchor === 'end' ? 'y' : 'x'}` : layer,
    server: server === undefined ? null : Number(server),
    quiet: kind === 'q',
    look,
    shape,
  };
}

/**
 * The colour of a paint: `s3` and `q3` (quiet) that of the mark's server, whose class sets it, `t3` the ink for a text
 * of that server, and every other name a variable of the page, in `alarm@3` with the server that it is used for. A
 * picture that stands alone has the variables replaced (outputs/svg.ts).
 */
export function paintOf(name: string): string {
  if (name === 'transparent') return 'none';
  if (/^[sq]\d+$/.test(name)) return 'currentColor';
  return `var(--${/^t\d+$/.test(name) ? 'ink' : name.replace(/@\d+$/, '')})`;
}

/** The marks as SVG: a group for each run of marks of one layer, a path for each run of paths of one look. */
export function markupOf(marks: readonly Mark[]): string {
  let markup = '';
  for (let from = 0; from < marks.length;) {
    const layer = marks[from]?.layer ?? '';
    let to = from;
    while (marks[to]?.layer === layer) to++;
    markup += layerMarkup(layer, marks.slice(from, to));
    from = to;
  }
  return markup;
}

function layerMarkup(layer: string, marks: readonly Mark[]): string {
  const [first] = marks;
  const common = new Map(
    [...(first?.look ?? [])].filter(([name, value]) => marks.every(({ look }) => look.get(name) === value)),
  );
  const written = (look: ReadonlyMap<string, string>): string =>
    [...look].map(([name, value]) => ` ${name}="${value}"`).join('');
  let inside = '';
  let open = '';
  for (const { shape, look, server, quiet } of marks) {
    const own = written(new Map([...look].filter(([name]) => !common.has(name))));
    const owner = server === null ? '' : ` class="s s${server}${quiet ? ' o' : ''}"`;
    if ('path' in shape) {
      const head = `<path${owner}${own} d="`;
      inside += open === head ? shape.path : `${open ? '"/>' : ''}${head}${shape.path}`;
      open = head;
    } else {
      const data = server === null ? '' : ` data-s="${server}"`;
      inside += `<text${owner}${data}${own} x="${shape.x}" y="${shape.y}">${escapeXml(shape.text)}</text>`;
    }
  }
  return `<g class="${layer}"${written(common)}>${inside}${open ? '"/>' : ''}</g>`;
}

type Place = readonly [x: number, y: number];

/** A line through its points; an area there and back. */
function outline({ marktype, items }: VegaMark, left: number, top: number): string {
  const along = items.map(({ x = 0, y = 0 }): Place => [left + x, top + y]);
  if (marktype === 'line') return polyline(along);
  const back = items.map(({ x = 0, y2 = 0 }): Place => [left + x, top + y2]).reverse();
  return `${polyline([...along, ...back])}z`;
}

/** How far below a text's place its baseline is, in parts of its size, by what of it stands at the place (Vega's values). */
const BASELINES: Readonly<Record<string, number>> = { top: 0.79, middle: 0.3, bottom: -0.21 };

function shapeOf(marktype: string, item: VegaItem, left: number, top: number): Mark['shape'] {
  const [x, y] = [left + (item.x ?? 0), top + (item.y ?? 0)];
  switch (marktype) {
    case 'rule': {
      const end: Place = [left + (item.x2 ?? item.x ?? 0), top + (item.y2 ?? item.y ?? 0)];
      return { path: polyline([[x, y], end]) };
    }
    case 'rect': {
      const [right, bottom] = [x + (item.width ?? 0), y + (item.height ?? 0)];
      const corners: Place[] = [
        [x, y],
        [right, y],
        [right, bottom],
        [x, bottom],
      ];
      return { path: `${polyline(corners)}z` };
    }
    case 'symbol':
      return { path: symbol(item.shape ?? 'circle', Math.sqrt(item.size ?? 0) / 2, [x, y]) };
    default: {
      const { text = '', dx = 0, dy = 0, baseline = '', fontSize = 11 } = item;
      const below = (BASELINES[baseline] ?? 0) * Number(fontSize);
      return { text, x: tenths(x + dx) / 10, y: tenths(y + dy + Math.round(below)) / 10 };
    }
  }
}

/** Half the height of a triangle, in parts of its radius. */
const H = Math.sqrt(3) / 2;

/** Corners of shapes, x and y in turn, in parts of the radius: outlines, which are closed, and strokes. */
const OUTLINES: Readonly<Record<string, readonly number[]>> = {
  square: [-1, -1, 1, -1, 1, 1, -1, 1],
  diamond: [-1, 0, 0, -1, 1, 0, 0, 1],
  'triangle-up': [0, -H, -1, H, 1, H],
  'triangle-down': [0, H, -1, -H, 1, -H],
};
const STROKES: Readonly<Record<string, readonly (readonly number[])[]>> = {
  [CROSS]: [
    [-1, -1, 1, 1],
    [1, -1, -1, 1],
  ],
  [UPRIGHT]: [[0, -1, 0, 1]],
};

/** A shape of this radius in px, as Vega would draw it: around a rounded place, so that it looks the same wherever it stands. */
function symbol(shape: string, radius: number, [centreX, centreY]: Place): string {
  const [x, y] = [tenths(centreX) / 10, tenths(centreY) / 10];
  const through = (corners: readonly number[]): string =>
    polyline(
      corners.flatMap((dx, i): Place[] =>
        i % 2 === 0 ? [[x + dx * radius, y + (corners[i + 1] ?? 0) * radius]] : [],
      ),
    );
  const outline = OUTLINES[shape];
  if (outline) return `${through(outline)}z`;
  const strokes = STROKES[shape];
  if (strokes) return strokes.map(through).join('');
  const r = tenths(radius) / 10;
  return `M${tenths(x + radius) / 10} ${y}a${r} ${r} 0 1 1-${2 * r} 0 ${r} ${r} 0 1 1 ${2 * r} 0`;
}

/** Tenths of a px: as fine as anyone sees. */
function tenths(px: number): number {
  return Math.round(px * 10);
}

/** Path data through the places: after the first, steps, which are shorter, and exact because places are rounded first. */
function polyline(places: readonly Place[]): string {
  const text = (value: number): string => String(value / 10).replace(/^(-?)0\./, '$1.');
  let [lastX, lastY] = [0, 0];
  let path = '';
  let last = '';
  for (const [i, [px, py]] of places.entries()) {
    const [x, y] = [tenths(px) - lastX, tenths(py) - lastY];
    const command = i === 0 ? 'M' : y === 0 ? 'h' : x === 0 ? 'v' : 'l';
    const step = command === 'h' ? text(x) : command === 'v' ? text(y) : `${text(x)} ${text(y)}`;
    // A repeated letter may be left out, and so may a blank before a minus sign (SVG 1.1, 8.3.1).
    path += (command === last ? ' ' : command) + step;
    [lastX, lastY, last] = [lastX + x, lastY + y, command];
  }
  return path.replace(/ -/g, '-');
}
