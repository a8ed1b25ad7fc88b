import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawChart } from '../../reports/drawing/chart.ts';
import { nodePainter } from '../../reports/drawing/compile.ts';
import { drawEffects } from '../../reports/drawing/effects.ts';
import type { Painter } from '../../reports/drawing/painter.ts';
import { SECTIONS } from '../../reports/html/sections.ts';
import { buildView } from '../../reports/view/build.ts';
import { comparisonOf } from './fixture-comparison.ts';
import { fixture } from './fixture.ts';
import { pictures, renderRun, terminalTable, withoutScript } from './rendered.ts';

const SMALL = { servers: 3, levels: [1, 50, 500], trials: 2 };

test('the same run gives the same report, byte for byte', async () => {
  const { run, summary } = fixture(SMALL);
  assert.deepEqual(await renderRun(run, summary), await renderRun(run, summary));
});

test('a chart is the same, byte for byte, whichever charts were drawn before it', () => {
  const { kinds } = nodePainter();
  const drawings = [SMALL, { servers: 4, trials: 1 }].flatMap((options, i) => {
    const { run, summary } = fixture(options);
    const { charts, servers, comparison } = buildView(run, summary, comparisonOf(run));
    const names = servers.map(({ name }) => name);
    const drawn = [false, true].flatMap((linear) =>
      charts.map(({ id, spec }) => ({
        what: `${id} of run ${i}${linear ? ', linear' : ''}`,
        draw: (painter: Painter) => drawChart(painter, spec, { width: 900, names, linear }).markup,
      })),
    );
    const effects = (comparison?.forests ?? []).map(({ id, spec }) => ({
      what: `${id} of run ${i}`,
      draw: (painter: Painter) => drawEffects(painter, spec, 900),
    }));
    return [...drawn, ...effects];
  });
  const inOrder = (order: typeof drawings): Map<string, string> => {
    const painter = { kinds, interpreter: null, views: new Map() };
    return new Map(order.map(({ what, draw }) => [what, draw(painter)]));
  };
  const backwards = inOrder(drawings.toReversed());
  for (const [what, markup] of inOrder(drawings)) assert.equal(backwards.get(what), markup, what);
});

test('the thirteen sections stand in their order, and one without data says why', async () => {
  const { run, summary } = fixture(SMALL);
  const page = (await renderRun(run, summary))['report.html'];
  const order = [...page.matchAll(/<section id="([a-z]+)"/g)].map(([, id]) => id);
  assert.deepEqual(
    order,
    SECTIONS.map(([id]) => id),
  );
  assert.match(page, /id="comparison" class="left-out".*Left out: a run by itself/);
});

const SIZES = {
  'one trial of one server': { servers: 1, levels: [50], trials: 1 },
  'one server': { servers: 1 },
  'failed trials only': { servers: 2, levels: [1, 10], all: 'failed' },
  'trials that were stopped only': { servers: 2, levels: [1, 10], all: 'aborted' },
} as const;

for (const [what, options] of Object.entries(SIZES)) {
  test(`${what} makes a whole report`, async () => {
    const { run, summary } = fixture(options);
    const report = await renderRun(run, summary);
    assert.match(report['report.html'], /<\/html>\n$/);
    for (const text of [
      // Numbers in the page's data are JSON, and its digits may spell anything.
      report['report.html'].replace(/<script[^]*?<\/script>/g, ''),
      report['summary.md'],
      ...pictures(report),
    ]) {
      assert.doesNotMatch(text, /NaN|undefined|Infinity|\[object/);
    }
    assert.match(await terminalTable(run, summary, 80), /\S/);
  });
}

test('a run without a completed trial says so instead of drawing zeros', async () => {
  const { run, summary } = fixture({ servers: 2, levels: [1, 10], all: 'failed' });
  const report = await renderRun(run, summary);
  const page = report['report.html'];
  assert.deepEqual(pictures(report), []);
  assert.match(page, /Left out: no trial was completed/);
  assert.match(page, /0 of 12 trials completed, 12 failed/);
  assert.match(page, /spawn EAGAIN/);
});

test('a run that is still empty makes a report', async () => {
  const { run, summary } = fixture({ servers: 1, levels: [1], trials: 1 });
  const empty = await renderRun(
    { ...run, trials: [] },
    {
      ...summary,
      cells: [],
      verdict: [],
      warnings: [],
      scaling: [],
      models: [],
      totals: { planned: 1, completed: 0, failed: 0, aborted: 0, invalid: 0 },
    },
  );
  assert.match(empty['report.html'], /0 of 1 trial completed, 1 not run/);
});

test('a figure that is not a number is a dash with its reason in every output', async () => {
  const { run, summary } = fixture({ servers: 2, levels: [1, 10], trials: 1 });
  const cells = summary.cells.map((cell) => ({
    ...cell,
    metrics: {
      ...cell.metrics,
      elapsed: { n: 1, median: Number.NaN, min: Number.NaN, max: Number.NaN, interval: null, outliers: 0 },
    },
  }));
  const report = await renderRun(run, { ...summary, cells });
  assert.match(report['report.html'], /–<small>not recorded<\/small>/);
  assert.doesNotMatch(report['report.html'].replace(/<script[^]*?<\/script>/g, ''), /NaN/);
  assert.doesNotMatch(report['summary.csv'], /NaN/);
  assert.doesNotMatch(report['summary.md'], /NaN/);
});

test('a large run stays a page that one can send, with its main charts drawn, and says of the others where they are', async () => {
  const levels = [1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 400, 500];
  const { run, summary } = fixture({ servers: 22, levels, trials: 1, scenarios: 6 });
  const page = (await renderRun(run, summary))['report.html'];
  assert.ok(Buffer.byteLength(page) <= 2_550_000, `${Buffer.byteLength(page)} bytes`);
  const drawn = (id: string): boolean => new RegExp(`id="c-${id}"[^>]*><g`).test(page);
  for (const id of ['elapsed', 'elapsed-5', 'overhead-3', 'tail-0']) assert.ok(drawn(id), id);
  assert.ok(!drawn('lost-failed-5'));
  assert.match(page, /<noscript><p class="hint">[^<]*charts\/lost-failed-5\.svg/);
  const levelsOf300 = [1, 2, 5, 10, 20, 50, 100, 200, 300, 500];
  const middle = fixture({ servers: 6, levels: levelsOf300, trials: 5 });
  const ofMiddle = (await renderRun(middle.run, middle.summary))['report.html'];
  assert.ok(Buffer.byteLength(ofMiddle) <= 1_500_000, `${Buffer.byteLength(ofMiddle)} bytes`);
  const { run: twenty, summary: ofTwenty } = fixture({
    servers: 2,
    levels: [1, 10, 100, 200, 500],
    trials: 2,
  });
  assert.ok(Buffer.byteLength((await renderRun(twenty, ofTwenty))['report.html']) <= 900_000);
});

test('Vega has nothing to warn of in any chart', async (t) => {
  t.mock.method(console, 'warn', (...message: readonly unknown[]) =>
    assert.fail(message.map(String).join(' ')),
  );
  for (const options of [...Object.values(SIZES), SMALL, { servers: 22, levels: [1, 10, 100], trials: 1 }]) {
    const { run, summary } = fixture(options);
    await renderRun(run, summary, comparisonOf(run));
  }
});

test('the page asks nobody for anything', async () => {
  const { run, summary } = fixture(SMALL);
  const report = await renderRun(run, summary);
  const page = report['report.html'];
  assert.doesNotMatch(withoutScript(page).replaceAll('http-equiv', ''), /https?:|url\(|@import|<link|src=/);
  for (const svg of pictures(report)) {
    assert.doesNotMatch(svg.replace('http://www.w3.org/2000/svg', ''), /https?:|url\(|@import|var\(/);
    assert.match(svg, /^<svg [^>]*role="img" aria-labelledby="title description"/);
  }
});
