/**
 * What a report costs: `node test/bench/report-size.ts`.
 *
 * For runs of several sizes prints the bytes of the page and of all files, the time in which a fresh process draws them
 * (loading of the code included, making of the run not), and, where a browser can be started, after how long the page
 * is interactive in it: the median of five. Run it on a machine that does nothing else.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { messageOf } from '../../harness/errors.ts';
import { launchBrowser } from '../reports/browser.ts';
import { fixture, type FixtureOptions } from '../reports/fixture.ts';

const SIZES: Readonly<Record<string, FixtureOptions>> = {
  '20 trials': { servers: 2, levels: [1, 10, 100, 200, 500], trials: 2 },
  '300 trials': { servers: 6, levels: [1, 2, 5, 10, 20, 50, 100, 200, 300, 500], trials: 5 },
  '1,584 trials': {
    servers: 22,
    levels: [1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 400, 500],
    trials: 1,
    scenarios: 6,
  },
};

interface Drawn {
  readonly pageBytes: number;
  readonly allBytes: number;
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** In a process of its own: draws one run and says what it took. */
async function draw(options: FixtureOptions, page: string): Promise<Drawn> {
  const { run, summary } = fixture(options);
  const [begin, cpu] = [performance.now(), process.cpuUsage()];
  const { renderRun } = await import('../reports/rendered.ts');
  const files = await renderRun(run, summary);
  const wallMs = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpu);
  writeFileSync(page, files['report.html']);
  const texts = Object.values(files);
  return {
    pageBytes: Buffer.byteLength(files['report.html']),
    allBytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
    wallMs,
    cpuMs: (user + system) / 1000,
  };
}

/** Milliseconds until the page can be used: the median. */
async function interactiveMs(browser: Browser, page: string): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const tab = await context.newPage();
    await tab.goto(pathToFileURL(page).href);
    times.push(
      await tab.evaluate(
        () => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).domInteractive,
      ),
    );
    await context.close();
  }
  return times.sort((a, b) => a - b)[2] ?? Number.NaN;
}

const [name, page] = process.argv.slice(2);
if (name !== undefined && page !== undefined) {
  console.log(JSON.stringify(await draw(SIZES[name] ?? {}, page)));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-report-size-'));
  const browser = await launchBrowser().catch((error: unknown) => {
    console.log(`no browser can be started here: ${messageOf(error).split('\n')[0]}`);
  });
  for (const size of Object.keys(SIZES)) {
    const file = join(folder, 'report.html');
    const { pageBytes, allBytes, wallMs, cpuMs } = JSON.parse(
      execFileSync(process.execPath, [import.meta.filename, size, file], { encoding: 'utf8' }),
    ) as Drawn;
    const ready = browser ? `, interactive after ${Math.round(await interactiveMs(browser, file))} ms` : '';
    console.log(
      `${size}: page ${(pageBytes / 1e6).toFixed(2)} MB, all files ${(allBytes / 1e6).toFixed(2)} MB, ` +
        `drawn in ${(wallMs / 1000).toFixed(2)} s (processor ${(cpuMs / 1000).toFixed(2)} s)${ready}`,
    );
  }
  await browser?.close();
  rmSync(folder, { recursive: true });
}
