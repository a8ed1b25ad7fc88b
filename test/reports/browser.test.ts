import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { messageOf } from '../../harness/errors.ts';
import { reportPage } from '../../reports/html/page.ts';
import { pageScripts } from '../../reports/html/script.ts';
import { buildView } from '../../reports/view/build.ts';
import { comparisonOf } from './fixture-comparison.ts';
import { fixture } from './fixture.ts';
import { launchBrowser, screenshotPath } from './browser.ts';
import { EXHAUSTIVE } from '../scope.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-report-'));
const { run, summary } = fixture({ servers: 6, trials: 7, scenarios: 2 });
const view = buildView(run, summary, comparisonOf(run));
const file = join(folder, 'report.html');
let browser: Browser | undefined;
let unable = '';

before(async () => {
  writeFileSync(file, reportPage(view, await pageScripts()));
  try {
    browser = await launchBrowser();
  } catch (error) {
    unable = `no browser can be started here: ${messageOf(error).split('\n')[0]}`;
  }
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Opened extends AsyncDisposable {
  readonly page: Page;
  /** Console errors, page errors, and requests beyond the file itself. */
  readonly complaints: readonly string[];
}

async function open(
  where: Browser,
  options: BrowserContextOptions & { hash?: string; path?: string } = {},
): Promise<Opened> {
  const { hash = '', path = file, ...rest } = options;
  const context = await where.newContext({ viewport: { width: 1280, height: 900 }, ...rest });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(pathToFileURL(path).href)) complaints.push(request.url());
  });
  await page.goto(pathToFileURL(path).href + hash);
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** Waits until every chart looks as it should: those out of sight are drawn one by one. */
async function settled(page: Page): Promise<void> {
  await page.locator('main[aria-busy="false"]').waitFor();
}

/** For somebody to look at: a picture of the whole page, which takes longer than most tests, only where all is tried. */
async function keepPicture(page: Page, name: string): Promise<void> {
  if (EXHAUSTIVE) await page.screenshot({ path: screenshotPath(name), fullPage: true });
}

/** A test in the browser; skipped where there is none. */
function browserTest(name: string, body: (where: Browser) => Promise<void>): void {
  test(name, async (t) => {
    if (!browser) return t.skip(unable);
    await body(browser);
  });
}

let shared: Opened | undefined;

/** A test on a page that stays open, of what leaves it as it was: opening one costs more than most tests. */
function sharedTest(name: string, body: (opened: Opened) => Promise<void>): void {
  browserTest(name, async (where) => body((shared ??= await open(where))));
}

sharedTest('the page loads under its policy without an error, a request or a shift', async (opened) => {
  const { page } = opened;
  const shift = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
      }),
  );
  // A busy machine shows a frame in which a picture is a fraction of a pixel off: 0.00001. A line that moves is over 0.001.
  assert.ok(shift < 0.001, `a layout shift of ${shift}`);
  assert.deepEqual(opened.complaints, []);
  await keepPicture(page, 'light');
});

sharedTest('the page shows the figures of the summary', async (opened) => {
  const shown = await opened.page
    .locator('#standings-1 tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.children].map((cell) => (cell.querySelector('bdi') ?? cell.firstChild)?.textContent?.trim()),
      ),
    );
  assert.deepEqual(
    shown,
    view.standings[0]?.table.rows.map(({ cells }) => cells.map(({ text }) => text)),
  );
  assert.deepEqual(await opened.page.locator('.lead:visible').allTextContents(), view.verdicts[0]?.lead);
});

sharedTest(
  'pointing at a line or a name puts that server before the others in every chart',
  async (opened) => {
    const { page } = opened;
    await page.locator('#c-elapsed .labels text', { hasText: 'ts-prefork-accept' }).hover();
    assert.equal(await page.locator('main').getAttribute('data-hot'), '3');
    const opacities = await page.evaluate(() =>
      ['#c-elapsed .s3', '#c-overhead .s3', '#c-elapsed .s1', '#c-cost-cpu-per-exchange .s1'].map(
        (selector) => getComputedStyle(document.querySelector(selector) as Element).opacity,
      ),
    );
    assert.deepEqual(opacities, ['1', '1', '0.13', '0.13']);
    const dot = await page.evaluate(() => {
      const line = document.querySelector('#c-elapsed .lines .s4') as SVGPathElement;
      const place = line
        .getPointAtLength(line.getTotalLength())
        .matrixTransform(line.getScreenCTM() as DOMMatrix);
      return { x: place.x, y: place.y };
    });
    await page.mouse.move(dot.x, dot.y);
    assert.equal(await page.locator('main').getAttribute('data-hot'), '4');
    assert.match(await page.locator('.readout').innerText(), /ts-fork\s+200 clients: [\d.]+ s/);
    await keepPicture(page, 'highlight');
    await page.mouse.move(0, 0);
  },
);

sharedTest('the linear scale draws every chart anew and is kept in the URL', async (opened) => {
  const { page } = opened;
  const ticks = (): Promise<string[]> => page.locator('#c-elapsed .label-y text').allTextContents();
  const before = await ticks();
  await page.getByText('linear', { exact: true }).click();
  await settled(page);
  assert.notDeepEqual(await ticks(), before);
  assert.equal((await ticks())[0], '0 ms');
  assert.equal(new URL(page.url()).hash, '#scale=linear');
  await keepPicture(page, 'linear');
  await page.getByText('log', { exact: true }).click();
  await settled(page);
  assert.deepEqual(await ticks(), before);
});

sharedTest('tables are sorted by their heads and copied as CSV', async (opened) => {
  const { page } = opened;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const head = page.locator('#standings-1 thead th').nth(1);
  const first = (): Promise<string | null> => page.locator('#standings-1 tbody bdi').first().textContent();
  await head.locator('button').click();
  assert.equal(await head.getAttribute('aria-sort'), 'ascending');
  assert.equal(await first(), 'c-epoll');
  await head.locator('button').press('Enter');
  assert.equal(await head.getAttribute('aria-sort'), 'descending');
  assert.equal(await first(), 'ts-iterative');
  assert.equal(await page.locator('#standings-1 tbody bdi').last().textContent(), 'ts-fork');
  await page.locator('[data-copy="standings-1"]').click();
  await page.locator('[data-copy="standings-1"]', { hasText: 'Copied' }).waitFor();
  const csv = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(csv, /^server,elapsed,.*\r?\nts-iterative,[\d.]+ s,/);
});

browserTest(
  'a server that is not chosen leaves charts, panels and tables, and the axes follow',
  async (where) => {
    await using opened = await open(where);
    const { page } = opened;
    const top = await page.locator('#c-elapsed .label-y text').last().textContent();
    await page.locator('details.pick summary').click();
    await page.locator('label:has(#v5)').click();
    await page.locator('label:has(#v4)').click();
    await settled(page);
    assert.equal(await page.locator('#c-elapsed .s5').count(), 0);
    assert.equal(await page.locator('#standings-1 tr[data-s="5"]').isVisible(), false);
    assert.equal(await page.locator('.panels li[data-s="5"]').first().isVisible(), false);
    assert.notEqual(await page.locator('#c-elapsed .label-y text').last().textContent(), top);
    assert.equal(await page.locator('#shown').textContent(), '4 of 6');
    assert.equal(new URL(page.url()).hash, '#hide=4.5');
  },
);

browserTest('choosing a cell by list or by its point shows its trial', async (where) => {
  await using opened = await open(where);
  const { page } = opened;
  const which = page.locator('#inside [data-sc="0"] .which');
  const tail = await page.locator('#c-tail-0 .lines .s1').getAttribute('d');
  await page.locator('#inside [data-sc="0"] [data-choose="server"]').selectOption({ label: 'ts-loop' });
  assert.match((await which.textContent()) ?? '', /^ts-loop with 500 clients: trial \d+ of the run/);
  await page.locator('#latency [data-sc="0"] [data-choose="level"]').selectOption({ label: '20 clients' });
  await settled(page);
  assert.match((await which.textContent()) ?? '', /^ts-loop with 20 clients/);
  assert.notEqual(await page.locator('#c-tail-0 .lines .s1').getAttribute('d'), tail);
  const dot = await page.evaluate(() => {
    const line = document.querySelector('#c-elapsed .lines .s5') as SVGPathElement;
    const place = line
      .getPointAtLength(line.getTotalLength())
      .matrixTransform(line.getScreenCTM() as DOMMatrix);
    window.scrollBy(0, place.y - 300);
    return { x: place.x, y: 300 };
  });
  await page.mouse.click(dot.x, dot.y);
  assert.match((await which.textContent()) ?? '', /^ts-iterative with 500 clients/);
  assert.equal(new URL(page.url()).hash, '#cell=5.8');
});

browserTest(
  'steal is shaded in the charts of the trial that is chosen, as it was in those that came',
  async (where) => {
    await using opened = await open(where);
    const { page } = opened;
    const shades = (): Promise<number> => page.locator('#inside [data-sc="0"] .shades path').count();
    const came = await shades();
    assert.ok(came >= 4, `${came} shades in four charts`);
    await page
      .locator('#inside [data-sc="0"] [data-choose="server"]')
      .selectOption({ label: 'ts-iterative' });
    await settled(page);
    const text = (await page.locator('#inside [data-sc="0"] .which').textContent()) ?? '';
    // In a trial of 6 s the same 4 ms are too little to be seen.
    assert.match(text, /^ts-iterative .* steal 4 ms/);
    assert.doesNotMatch(text, /shaded/);
    assert.equal(await shades(), 0);
  },
);

browserTest('a URL brings back what was chosen', async (where) => {
  await using opened = await open(where, { hash: '#scenario=1&scale=linear&hide=0&cell=2.3' });
  const { page } = opened;
  await settled(page);
  assert.equal(await page.locator('#sc1').isChecked(), true);
  assert.equal(await page.locator('#c-elapsed').isVisible(), false);
  assert.equal(await page.locator('#c-elapsed-2 .s0').count(), 0);
  assert.equal(await page.locator('#c-elapsed-2 .label-y text').first().textContent(), '0 ms');
  assert.match(
    (await page.locator('#inside [data-sc="1"] .which').textContent()) ?? '',
    /^c-prethread-queue with 10 clients/,
  );
  assert.deepEqual(opened.complaints, []);
});

browserTest('everything can be done from the keyboard', async (where) => {
  await using opened = await open(where);
  const { page } = opened;
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the charts');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.locator('#sc1').isChecked(), true);
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.locator('#scale-linear').isChecked(), true);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.equal(await page.locator('main').getAttribute('data-hot'), '0');
  await page.keyboard.press('Space');
  assert.equal(await page.locator('#v0').isChecked(), false);
  const word = page.locator('#tables p .term').first();
  await word.focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  assert.equal(await word.locator('.tip').isVisible(), true);
});

browserTest(
  'without scripts every chart is there, and scenarios and servers can still be chosen',
  async (where) => {
    await using opened = await open(where, { javaScriptEnabled: false });
    const { page } = opened;
    for (const id of ['elapsed', 'overhead', 'cost-cpu-per-exchange', 'tail-0', 'inside-0-0']) {
      assert.ok(await page.locator(`#c-${id}`).isVisible(), id);
      assert.ok((await page.locator(`#c-${id} .lines path`).count()) > 0, id);
    }
    await page.getByText('A chat room').first().click();
    assert.equal(await page.locator('#c-elapsed').isVisible(), false);
    assert.equal(await page.locator('#c-elapsed-2').isVisible(), true);
    await page.locator('details.pick summary').click();
    await page.locator('label:has(#v0)').click();
    assert.equal(await page.locator('#c-elapsed-2 .s0').first().isVisible(), false);
  },
);

browserTest('dark, print and a phone are as usable as a desk', async (where) => {
  await using opened = await open(where, { colorScheme: 'dark' });
  const { page } = opened;
  const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(await ground(), 'rgb(20, 23, 27)');
  await keepPicture(page, 'dark');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  assert.equal(await ground(), 'rgb(255, 255, 255)');
  assert.equal(await page.locator('.bar').isVisible(), false);
  await keepPicture(page, 'print');
  // A sheet of A4 that lies across, in px, without its margins: broad tables have such pages.
  await page.setViewportSize({ width: 1030, height: 700 });
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll('table')].flatMap((table) =>
      table.scrollWidth > (table.parentElement?.clientWidth ?? 0) ? table.id : [],
    ),
  );
  assert.deepEqual(cut, []);

  await using phone = await open(where, { viewport: { width: 390, height: 844 }, isMobile: true });
  await settled(phone.page);
  const widths = await phone.page.evaluate(() => ({
    page: document.documentElement.scrollWidth,
    chart: document.querySelector('#c-elapsed')?.getBoundingClientRect().width ?? 0,
    text: document.querySelector('#c-elapsed .label-y text')?.getBoundingClientRect().height ?? 0,
  }));
  assert.equal(widths.page, 390);
  assert.ok(widths.chart <= 390 && widths.text >= 10, JSON.stringify(widths));
  await keepPicture(phone.page, 'phone');
});

interface Axe {
  run(
    where: Document,
    options: { readonly runOnly?: readonly string[] },
  ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
}

browserTest('axe finds no serious violation, in light and in dark', async (where) => {
  const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // It looks at every node against every rule: a page with one of each kind is enough.
  const few = EXHAUSTIVE
    ? fixture({ servers: 6, trials: 7, scenarios: 2 })
    : fixture({ servers: 2, trials: 2 });
  const path = join(folder, 'few.html');
  writeFileSync(
    path,
    reportPage(buildView(few.run, few.summary, comparisonOf(few.run)), await pageScripts()),
  );
  await using opened = await open(where, { path });
  const { page } = opened;
  await page.evaluate(source);
  // Dark differs in its colours alone.
  for (const [colorScheme, runOnly] of [
    ['light', undefined],
    ['dark', ['color-contrast']],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    const found = await page.evaluate(async (only) => {
      const { axe } = globalThis as unknown as { axe: Axe };
      const { violations } = await axe.run(document, only ? { runOnly: only } : {});
      return violations.map(({ id, impact, nodes }) => ({ id, impact, first: nodes[0]?.html.slice(0, 200) }));
    }, runOnly);
    const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    assert.deepEqual(serious, [], colorScheme);
  }
});

test('a report of every server, of 1,584 trials where all is tried, opens and reacts', async (t) => {
  if (!browser) return t.skip(unable);
  const all = { levels: [1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 400, 500], scenarios: 6 };
  const some = { levels: [1, 50, 500], scenarios: 2 };
  const large = fixture({ servers: 22, trials: 1, ...(EXHAUSTIVE ? all : some) });
  const path = join(folder, 'large.html');
  writeFileSync(path, reportPage(buildView(large.run, large.summary), await pageScripts()));
  await using opened = await open(browser, { path });
  const { page } = opened;
  const readyMs = await page.evaluate(
    () => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).domInteractive,
  );
  t.diagnostic(`interactive after ${Math.round(readyMs)} ms`);
  await page.getByText('linear', { exact: true }).click();
  await settled(page);
  assert.equal(await page.locator('#c-elapsed .label-y text').first().textContent(), '0 ms');
  assert.deepEqual(opened.complaints, []);
  // A chart that the page came without.
  assert.equal(await page.locator('#c-lost-failed .lines path').count(), 22);
  await keepPicture(page, 'large');
});
