import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext, Script } from 'node:vm';
import fc from '../property.ts';
import type { ChartSpec } from '../../reports/drawing/spec.ts';
import type { PageState } from '../../reports/page/state.ts';
import * as vega from 'vega';
import { drawChart } from '../../reports/drawing/chart.ts';
import { formatFigure } from '../../reports/drawing/figure.ts';
import { packChart } from '../../reports/page/pack.ts';
import {
  DRAWING_FUNCTIONS,
  interpreterSource,
  pageScript,
  sourceOf,
  vegaScript,
} from '../../reports/html/script.ts';
import { readState, writeState } from '../../reports/page/state.ts';
import { figureValue } from '../../reports/page/tables.ts';
import { nodePainter } from '../../reports/drawing/compile.ts';
import { buildView } from '../../reports/view/build.ts';
import { fixture } from './fixture.ts';

test('a state survives the URL', () => {
  const plain = { noNullPrototype: true };
  const state: fc.Arbitrary<PageState> = fc.record(
    {
      scenario: fc.option(fc.integer({ min: 0, max: 5 })),
      linear: fc.boolean(),
      hidden: fc
        .uniqueArray(fc.integer({ min: 0, max: 20 }), { maxLength: 20 })
        .map((all) => all.sort((a, b) => a - b)),
      cell: fc.option(
        fc.record({ server: fc.integer({ min: 0, max: 21 }), level: fc.integer({ min: 0, max: 11 }) }, plain),
      ),
    },
    plain,
  );
  fc.assert(fc.property(state, (one) => assert.deepEqual(readState(writeState(one), 22, 6), one)));
});

test('a URL that means nothing here gives the first state', () => {
  const first = { scenario: 0, linear: false, hidden: [], cell: null };
  for (const fragment of [
    '',
    '#',
    '#latency',
    '#scenario=9',
    '#hide=a.b',
    '#cell=99.1',
    '#hide=0.1',
    '#scenario=-1',
  ]) {
    assert.deepEqual(readState(fragment, 2, 2), first, fragment);
  }
  fc.assert(fc.property(fc.string(), (fragment) => void readState(fragment, 3, 1)));
});

test('a formatted figure sorts by the number that it stands for', () => {
  const units = fc.constantFrom('ms', 'us', 'bytes', 'count', 'per-second', 'ratio' as const);
  fc.assert(
    fc.property(units, fc.double({ min: 1e-3, max: 1e11, noNaN: true }), (unit, value) => {
      const scale = unit === 'us' ? 1e-3 : 1;
      const read = figureValue(formatFigure(value, unit));
      assert.ok(
        Math.abs(read / (value * scale) - 1) < 0.01,
        `${value} ${unit}: ${formatFigure(value, unit)}, ${read}`,
      );
    }),
  );
  assert.ok(Number.isNaN(figureValue('–')));
  assert.equal(figureValue('−2.5 ms'), -2.5);
  assert.equal(figureValue('3 of 3'), 3);
});

test('the drawing functions draw the same in the page as here, from nothing but their own text', () => {
  const { run, summary } = fixture({ servers: 4, levels: [1, 10, 100, 500], trials: 3 });
  const inPage = runInNewContext(
    `'use strict'; ${sourceOf(DRAWING_FUNCTIONS)}; ({ drawChart, unpackChart, interpreter: ${interpreterSource()} });`,
    { vega, setTimeout, setInterval },
    { contextCodeGeneration: { strings: false, wasm: false } },
  ) as {
    drawChart: typeof drawChart;
    unpackChart: (packed: unknown) => ChartSpec;
    interpreter: object;
  };
  const painter = nodePainter();
  const paintsInPage = { kinds: painter.kinds, interpreter: inPage.interpreter, views: new Map() };
  const view = buildView(run, summary);
  const names = view.servers.map(({ name }) => name);
  for (const { spec, id } of view.charts) {
    for (const options of [
      { width: 524, names },
      { width: 358, names, linear: true, hidden: [1] },
    ]) {
      const here = drawChart(painter, spec, options).markup;
      const there = inPage.drawChart(
        paintsInPage,
        inPage.unpackChart(JSON.parse(JSON.stringify(packChart(spec)))),
        options,
      ).markup;
      assert.equal(there, here, id);
    }
  }
});

test('the script is one piece of valid JavaScript without types, imports or the end of its own element', () => {
  for (const script of [pageScript(), vegaScript()]) {
    assert.doesNotThrow(() => new Script(script));
    assert.doesNotMatch(script, /<\/script|<!--|^(import|export)\b|sourceMappingURL/m);
  }
});
