/**
 * Vega's SVG, made small enough for a page of a hundred charts: one group a layer with what its marks have in common,
 * one path for all points of a server, coordinates to a tenth, no empty groups, and the paints put in. A chart of 22
 * servers × 12 client counts takes 72 kB as Vega writes it and about 20 kB after. Runs in the page as well.
 */
import { placePath } from './path.ts';

/** One mark, standing where it is drawn. */
export interface Leaf {
  /** The layer that it belongs to, or the part of an axis. */
  readonly layer: string;
  /** The server whose mark it is; null for none. */
  readonly server: number | null;
  /** Shown only while its server is highlighted. */
  readonly quiet: boolean;
  /** Attributes of its look, by name. */
  readonly look: ReadonlyMap<string, string>;
  /** Path data, or a text with its place. */
  readonly shape:
    | { readonly path: string }
    | { readonly text: string; readonly x: number; readonly y: number };
}

/** Attributes that say how a mark looks; all others of Vega's say what CSS or the root says, or nothing. */
export function looks(): readonly string[] {
  return [
    'fill',
    'fill-opacity',
    'stroke',
    'stroke-width',
    'stroke-opacity',
    'stroke-dasharray',
    'stroke-linecap',
    'stroke-linejoin',
    'text-anchor',
    'font-size',
    'font-weight',
  ];
}

/** The layer of a group of marks by its classes: `mark-line role-mark lines_marks`, `mark-rule role-axis-grid`. */
export function layerOf(classes: string): string {
  const [, name] = / role-mark (.*)_marks$/.exec(classes) ?? [];
  return name ?? / role-axis-(\w+)/.exec(classes)?.[1] ?? '';
}

/** The marks of a picture as Vega writes it, in the order in which they are drawn. `origin`: of the plot, in px. */
export function leavesOf(svg: string, paint: (name: string) => string): Leaf[] {
  const leaves: Leaf[] = [];
  const groups: { readonly x: number; readonly y: number; readonly layer: string }[] = [];
  for (const [, end, tag, inside = '', empty, text = ''] of svg.matchAll(
    /<(\/?)(\w+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>([^<]*)/g,
  )) {
    if (tag === 'svg') continue;
    if (end) {
      if (tag === 'g') groups.pop();
      continue;
    }
    const attributes = new Map(
      [...inside.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value] as const),
    );
    const group = groups.at(-1) ?? { x: 0, y: 0, layer: '' };
    const [, dx = '0', dy = '0'] =
      /translate\(([^,]+),([^)]+)\)/.exec(attributes.get('transform') ?? '') ?? [];
    const [x, y] = [group.x + Number(dx), group.y + Number(dy)];
    if (tag === 'g') {
      if (!empty) groups.push({ x, y, layer: layerOf(attributes.get('class') ?? '') || group.layer });
      continue;
    }
    if (!group.layer || !(attributes.has('fill') || attributes.has('stroke'))) continue;
    leaves.push(leafOf(tag ?? '', attributes, text, { ...group, x, y }, paint));
  }
  return leaves;
}

/** One mark of Vega's. */
export function leafOf(
  tag: string,
  attributes: ReadonlyMap<string, string>,
  text: string,
  place: { readonly x: number; readonly y: number; readonly layer: string },
  paint: (name: string) => string,
): Leaf {
  const number = (name: string): number => Number(attributes.get(name) ?? 0);
  const [, kind, server] =
    /^(?:([sqt])|\w+@)(\d+)$/.exec(attributes.get('stroke') ?? '') ??
    /^(?:([sqt])|\w+@)(\d+)$/.exec(attributes.get('fill') ?? '') ??
    [];
  const look = new Map<string, string>([['fill', 'none']]);
  for (const name of looks()) {
    const value = attributes.get(name);
    if (value === undefined || (name === 'stroke-dasharray' && value === '1,0')) continue;
    look.set(name, name === 'fill' || name === 'stroke' ? paint(value) : value.replace(/px$/, ''));
  }
  const { x, y, layer } = place;
  const path = tag === 'line' ? `M0,0L${number('x2')},${number('y2')}` : (attributes.get('d') ?? '');
  const tenth = (value: number): number => Math.round(value * 10) / 10;
  return {
    layer:
      tag === 'text' && layer === 'label'
        ? `label-${attributes.get('text-anchor') === 'end' ? 'y' : 'x'}`
        : layer,
    server: server === undefined ? null : Number(server),
    quiet: kind === 'q',
    look,
    shape: tag === 'text' ? { text, x: tenth(x), y: tenth(y) } : { path: placePath(path, x, y) },
  };
}

/** The marks as SVG: a group for each run of marks of one layer, a path for each run of paths of one look. */
export function markupOf(leaves: readonly Leaf[]): string {
  let markup = '';
  for (let from = 0; from < leaves.length;) {
    const layer = leaves[from]?.layer ?? '';
    let to = from;
    while (leaves[to]?.layer === layer) to++;
    markup += layerMarkup(layer, leaves.slice(from, to));
    from = to;
  }
  return markup;
}

/** One group. */
export function layerMarkup(layer: string, leaves: readonly Leaf[]): string {
  const [first] = leaves;
  const common = new Map(
    [...(first?.look ?? [])].filter(([name, value]) => leaves.every(({ look }) => look.get(name) === value)),
  );
  const written = (look: ReadonlyMap<string, string>): string =>
    [...look].map(([name, value]) => ` ${name}="${value}"`).join('');
  let inside = '';
  let open = '';
  for (const { shape, look, server, quiet } of leaves) {
    const own = written(new Map([...look].filter(([name]) => !common.has(name))));
    const owner = server === null ? '' : ` class="s s${server}${quiet ? ' o' : ''}"`;
    if ('path' in shape) {
      const head = `<path${owner}${own} d="`;
      inside += open === head ? shape.path : `${open ? '"/>' : ''}${head}${shape.path}`;
      open = head;
    } else {
      const data = server === null ? '' : ` data-s="${server}"`;
      inside += `<text${owner}${data}${own} x="${shape.x}" y="${shape.y}">${shape.text}</text>`;
    }
  }
  return `<g class="${layer}"${written(common)}>${inside}${open ? '"/>' : ''}</g>`;
}
