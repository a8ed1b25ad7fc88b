import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as vega from 'vega';
import fc from '../property.ts';
import type { ChartSpec, PointSpec } from '../../reports/drawing/spec.ts';
import { drawChart } from '../../reports/drawing/chart.ts';
import { insideLine, insideSpecs, shareAt, stolenShades } from '../../reports/charts/detail.ts';
import { dodge } from '../../reports/drawing/dodge.ts';
import { packChart, packDetail, unpackChart, unpackDetail } from '../../reports/page/pack.ts';
import { axisOf, domainOf, logTicks, ticksOf } from '../../reports/drawing/axis.ts';
import { CROSS, UPRIGHT } from '../../reports/drawing/layers.ts';
import { markupOf, marksOf } from '../../reports/drawing/marks.ts';
import { styleOf } from '../../reports/drawing/style.ts';
import { shorten, visible } from '../../harness/analysis/text/visible.ts';
import { escapeXml, fitText, textWidth } from '../../reports/drawing/text.ts';
import { nodePainter } from '../../reports/drawing/compile.ts';

test('escaped text holds no markup, no control character and no mark that turns the line', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0x10ffff })), (codes) => {
      const text = String.fromCodePoint(...codes);
      const escaped = escapeXml(text);
      assert.doesNotMatch(escaped, /[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
      assert.doesNotMatch(escaped, /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
    }),
  );
});

test('a shortened text keeps its ends, stays within its length, and fits where it was fitted', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), fc.integer({ min: 3, max: 60 }), (text, length) => {
      const short = shorten(text, length);
      assert.ok(Array.from(short).length <= length);
      if (Array.from(visible(text)).length > length) assert.equal(short.at(0), visible(text).at(0));
      assert.ok(textWidth(fitText(text, 11, 120), 11) <= 120);
    }),
  );
});

test('labels are moved apart, stay inside, and keep their order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -50, max: 450, noNaN: true }), { minLength: 1, maxLength: 24 }),
      (wanted) => {
        const [gap, low, high] = [14, 0, 14 * 24];
        const placed = dodge(wanted, gap, low, high);
        const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
        const sorted = order.map((i) => placed[i] ?? Number.NaN);
        assert.ok(sorted.every((y) => y >= low - 1e-6 && y <= high + 1e-6));
        assert.ok(sorted.every((y, i) => i === 0 || y - (sorted[i - 1] ?? 0) >= gap - 1e-6));
      },
    ),
  );
});

test('labels with room enough stay where they belong', () => {
  assert.deepEqual(dodge([10, 100, 50], 14, 0, 200), [10, 100, 50]);
  assert.deepEqual(dodge([50, 50], 10, 0, 200), [45, 55]);
});

test('an axis has a few ticks in its domain, ascending, whatever the domain', () => {
  const value = fc.double({ min: 1e-6, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(
      fc.constantFrom('linear', 'log', 'symlog' as const),
      fc.array(value, { minLength: 1 }),
      (kind, values) => {
        const axis = axisOf({ title: '', unit: 'ms', scale: kind }, values, false);
        const { domain } = axis;
        assert.deepEqual(domain, domainOf(axis.kind, values));
        const ticks = ticksOf(axis, 6);
        assert.ok(ticks.length >= 1 && ticks.length <= 14, `${ticks.length} ticks`);
        assert.deepEqual(
          ticks,
          ticks.toSorted((a, b) => a - b),
        );
        assert.ok(values.every((one) => one >= domain[0] && one <= domain[1]));
      },
    ),
  );
  assert.deepEqual(logTicks(1, 1000, 6), [1, 10, 100, 1000]);
  assert.deepEqual(logTicks(90, 600, 6), [100, 200, 500]);
  assert.deepEqual(logTicks(19, 54, 8), [20, 25, 30, 40, 50], 'two ticks alone are hard to read between');
  assert.deepEqual(logTicks(19, 54, 4), [20, 30, 50]);
});

test('marks are written small: one group a layer, one path a server, steps in tenths', () => {
  const symbol = (x: number) => ({ x, y: 2.04, shape: 'square', size: 16, fill: 's3', stroke: 's3' });
  const root = {
    marktype: 'group',
    items: [
      {
        x: 0,
        y: 0,
        items: [
          { marktype: 'symbol', role: 'mark', name: 'dots_marks', items: [symbol(1), symbol(5.06)] },
          {
            marktype: 'text',
            role: 'mark',
            name: 'labels_marks',
            items: [{ x: 5, y: 5, text: 'a < b', fontSize: 11, fill: 't3' }],
          },
          { marktype: 'rule', role: 'mark', name: 'leaders_marks', items: [] },
        ],
      },
    ],
  };
  assert.equal(
    markupOf(marksOf(root, [40, 30])),
    '<g class="dots" fill="currentColor" stroke="currentColor"><path class="s s3" d="M39 30h4v4h-4zM43.1 30h4v4h-4z"/></g><g class="labels" fill="var(--ink)" font-size="11"><text class="s s3" data-s="3" x="45" y="35">a &lt; b</text></g>',
  );
});

test('a shape is the one that Vega itself would draw, to a tenth', () => {
  const { Marks } = vega as unknown as { Marks: { symbol: { attr(emit: Emit, item: object): void } } };
  for (const shape of ['circle', 'square', 'diamond', 'triangle-up', 'triangle-down', CROSS, UPRIGHT]) {
    const item = { x: 0, y: 0, shape, size: 400, fill: 's0' };
    let theirs = '';
    Marks.symbol.attr((name, value) => {
      if (name === 'd') theirs = value;
    }, item);
    const markup = markupOf(
      marksOf({ marktype: 'symbol', role: 'mark', name: 'dots_marks', items: [item] }, [0, 0]),
    );
    const own = placesOf(/ d="([^"]*)"/.exec(markup)?.[1] ?? '');
    assert.equal(own.length, placesOf(theirs).length, shape);
    for (const [i, place] of placesOf(theirs).entries())
      assert.ok(Math.abs(place - (own[i] ?? Number.NaN)) < 0.11, `${shape}: ${own.join(' ')}, ${theirs}`);
  }
});

type Emit = (name: string, value: string) => void;

/** The coordinates that a path goes through, of what is written here and by Vega. */
function placesOf(path: string): number[] {
  const places: number[] = [];
  let [x, y] = [0, 0];
  for (const [, command = '', parameters = ''] of path.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const numbers = (parameters.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number);
    const size = { A: 7, H: 1, V: 1 }[command.toUpperCase()] ?? 2;
    const relative = command === command.toLowerCase();
    for (let i = 0; i + size <= numbers.length; i += size) {
      const [dx = 0, dy = 0] = { 7: numbers.slice(i + 5, i + 7), 2: numbers.slice(i, i + 2) }[size] ?? [
        /h/i.test(command) ? numbers[i] : 0,
        /v/i.test(command) ? numbers[i] : 0,
      ];
      [x, y] = relative ? [x + dx, y + dy] : [dx, dy];
      places.push(x, y);
    }
  }
  return places;
}

test('any two of the first 28 servers differ in colour, dash or shape', () => {
  const looks = Array.from({ length: 28 }, (_, i) => JSON.stringify(styleOf(i)));
  assert.equal(new Set(looks).size, 28);
});

const ticks = [1, 2, 5, 10];
const figure = fc.double({ min: -1e6, max: 1e9, noNaN: true, noDefaultInfinity: true }).map((v) => v + 0);
const point: fc.Arbitrary<PointSpec> = fc.oneof(
  fc.tuple(fc.constantFrom(...ticks), figure, fc.constant(null), fc.constant(null), fc.constantFrom(0, 1, 2)),
  fc.tuple(fc.constantFrom(...ticks), figure, figure, figure, fc.constantFrom(0, 1, 2)),
  fc.tuple(
    fc.constantFrom(...ticks),
    fc.constant(null),
    fc.constant(null),
    fc.constant(null),
    fc.constant(1 as const),
  ),
);

function specOf(points: readonly PointSpec[]): ChartSpec {
  return {
    x: { title: 'clients', unit: 'count', scale: 'log', switchable: true, ticks },
    y: { title: 'Elapsed time', unit: 'ms', scale: 'log', switchable: true },
    series: [{ server: 0, points }],
    references: [],
    kind: 'sweep',
    dots: true,
    labels: true,
    quiet: { curves: false, bands: false },
    height: 300,
  };
}

test('what the page carries of a chart is what was put in', () => {
  fc.assert(
    fc.property(fc.array(point), (points) => {
      const spec = specOf(points);
      assert.deepEqual(unpackChart(JSON.parse(JSON.stringify(packChart(spec)))), spec);
    }),
  );
});

test('what the page carries of a cell is what was put in, to a thousandth of the largest value; of a short column, to a hundredth', () => {
  const column = fc.array(fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })), {
    minLength: 1,
    maxLength: 61,
  });
  const tail = fc.array(fc.integer({ min: 0, max: 1e8 })).map((values) => values.sort((a, b) => a - b));
  fc.assert(
    fc.property(column, tail, (values, steps) => {
      const inside = {
        trial: 3,
        elapsedMs: 200,
        stealMs: null,
        cores: values,
        rssBytes: values,
        stolen: values,
        established: values,
        perSecond: values,
      };
      const cell = unpackDetail(JSON.parse(JSON.stringify(packDetail({ count: 9, tail: steps, inside }))));
      assert.deepEqual(cell?.tail, steps);
      const largest = Math.max(0, ...values.map((value) => value ?? 0));
      const fine = values.length > 21 ? 1000 : 100;
      values.forEach((value, i) => {
        for (const carried of [cell?.inside?.cores[i] ?? null, cell?.inside?.stolen[i] ?? null]) {
          if (value === null) assert.equal(carried, null);
          else assert.ok(Math.abs((carried ?? Number.NaN) - value) <= largest / fine);
        }
      });
    }),
  );
});

const painter = nodePainter();

test('a chart of any points is drawn without a coordinate that is no number', () => {
  fc.assert(
    fc.property(
      fc.array(point),
      fc.boolean(),
      fc.integer({ min: 200, max: 1200 }),
      (points, linear, width) => {
        const { markup } = drawChart(painter, specOf(points), { width, names: ['c-epoll'], linear });
        assert.doesNotMatch(markup, /NaN|Infinity|undefined|null/);
      },
    ),
  );
});

test('names stand beside points of a single number of clients, not at the far end of long leaders', () => {
  const single = specOf([[50, 200, null, null, 0]]);
  const spec = { ...single, x: { ...single.x, ticks: [50] } };
  const { markup, toX } = drawChart(painter, spec, { width: 900, names: ['c-epoll'] });
  const [, x] = /<g class="labels"[^>]*><text[^>]* x="([\d.]+)"/.exec(markup) ?? [];
  assert.ok(Math.abs(Number(x) - toX(50)) < 40, `${x} beside ${toX(50)}`);
  assert.doesNotMatch(markup, /class="(leaders|keys)"/);
});

test('time that other machines took is shaded in every chart of a trial, the darker the more', () => {
  const nothing = [0, 0, 0, 0, 0, 0];
  const inside = {
    trial: 0,
    elapsedMs: 100,
    stealMs: 30,
    cores: [0.5, 0.5, 0.4, 0.2, 0.2, 0.5],
    rssBytes: nothing,
    established: nothing,
    perSecond: nothing,
    stolen: [null, 0, 0.31, 0.32, 0.9, null],
  };
  assert.deepEqual(stolenShades(inside), [
    [20, 60, 0.4],
    [60, 80, 0.9],
  ]);
  for (const spec of insideSpecs(0, inside, 200)) {
    const { markup, toX } = drawChart(painter, spec, { width: 500, names: ['c-epoll'] });
    const [, shades = ''] = /<g class="shades"[^>]*>(.*?)<\/g>/.exec(markup) ?? [];
    const opacities = [...shades.matchAll(/fill-opacity="([\d.]+)"/g)].map(([, value]) => Number(value));
    assert.equal(opacities.length, 2);
    assert.ok((opacities[0] ?? 0) < (opacities[1] ?? 0));
    assert.ok(shades.includes(`M${Math.round(toX(20) * 10) / 10} `), shades);
  }
  assert.match(insideLine('c-epoll', 5, inside), /steal 30 ms \(30 % of one core, where it is shaded\)$/);
  assert.deepEqual(stolenShades({ ...inside, stolen: [] }), []);
});

test('the percentile curve ends at the one exchange that is the slowest', () => {
  assert.equal(shareAt(0, 60, 1000), 0);
  assert.ok(Math.abs(shareAt(59, 60, 1000) - 0.999) < 1e-12);
});
