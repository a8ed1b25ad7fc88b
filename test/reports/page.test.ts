import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runInNewContext, Script } from 'node:vm';
import fc from '../property.ts';
import type { TableView } from '../../reports/view/view.ts';
import type { PageState } from '../../reports/page/state.ts';
import { build } from 'esbuild';
import * as vega from 'vega';
import { drawChart } from '../../reports/drawing/chart.ts';
import { packChart } from '../../reports/page/pack.ts';
import { BUNDLING, pageScripts } from '../../reports/html/script.ts';
import { readState, writeState } from '../../reports/page/state.ts';
import { inOrder, ordersOf } from '../../reports/page/orders.ts';
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

test('rows are ordered by the numbers behind their texts, and those without one stay last', () => {
  const value = fc.option(fc.double({ noNaN: true }), { nil: undefined });
  fc.assert(
    fc.property(fc.array(value, { maxLength: 2000 }), fc.boolean(), (values, descending) => {
      const [, order = ''] = ordersOf({
        ...TABLE,
        rows: values.map((one) => ({
          server: null,
          cells: [{ text: 'c-epoll' }, { text: '?', ...(one === undefined ? {} : { value: one }) }],
        })),
      });
      const sorted = inOrder(values, order, descending);
      const known = values.filter((one) => one !== undefined).sort((a, b) => a - b);
      const wanted = descending ? known.reverse() : known;
      assert.deepEqual(sorted, [...wanted, ...values.filter((one) => one === undefined)]);
    }),
  );
});

const TABLE: TableView = {
  id: 'table',
  scenario: null,
  caption: '',
  key: false,
  columns: [
    { title: 'server', numeric: false },
    { title: 'elapsed', numeric: true },
  ],
  rows: [],
};

test('charts are drawn the same in the page as here, where expressions may not be compiled', async () => {
  const { run, summary } = fixture({ servers: 4, levels: [1, 10, 100, 500], trials: 3 });
  const entry = join(import.meta.dirname, 'page-drawing.ts');
  const { outputFiles } = await build({ ...BUNDLING, entryPoints: [entry], globalName: 'drawing' });
  const inPage = runInNewContext(
    `${outputFiles[0]?.text}; drawing;`,
    { vega, setTimeout, setInterval },
    { contextCodeGeneration: { strings: false, wasm: false } },
  ) as typeof import('./page-drawing.ts');
  const painter = nodePainter();
  const inPagePainter = {
    kinds: painter.kinds,
    interpreter: inPage.expressionInterpreter,
    views: new Map<string, vega.View>(),
  };
  const view = buildView(run, summary);
  const names = view.servers.map(({ name }) => name);
  for (const { spec, id } of view.charts) {
    for (const options of [
      { width: 524, names },
      { width: 358, names, linear: true, hidden: [1] },
    ]) {
      const here = drawChart(painter, spec, options).markup;
      const carried = inPage.unpackChart(JSON.parse(JSON.stringify(packChart(spec))));
      assert.equal(inPage.drawChart(inPagePainter, carried, options).markup, here, id);
    }
  }
});

test('the scripts are valid JavaScript, without imports or the end of their own element', async () => {
  for (const script of await pageScripts()) {
    assert.doesNotThrow(() => new Script(script));
    assert.doesNotMatch(script, /<\/script|<!--|^(import|export)\b|sourceMappingURL/m);
  }
});

test('the page brings Vega once', async () => {
  const [shipped = '', own = ''] = await pageScripts();
  assert.ok(own.length < 80_000, `${own.length} characters beside ${shipped.length} of Vega`);
});
