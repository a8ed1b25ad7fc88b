/** The browser of the tests: chromium out of an npm package, with the libraries that it needs beside it. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';

const BUILD = join(import.meta.dirname, '..', '..', 'build');
const FOLDER = join(BUILD, 'browser');
const UNPACKED = join(FOLDER, 'unpacked');

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * The package's own list of font folders names only places of the machine that it was made for. Without a font the
 * browser ends at the first drop-down list.
 */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(FOLDER, 'fonts')}</dir><cachedir>${join(FOLDER, 'font-cache')}</cachedir></fontconfig>
`;

/** Where screenshots go. */
export function screenshotPath(name: string): string {
  const folder = join(BUILD, 'screenshots');
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.png`);
}

/**
 * Unpacks the browser (67 MB, once) and starts it. The package reads its target folder and whether to bring its own
 * libraries from the environment as it is loaded.
 *
 * @throws Error where the platform cannot run it
 */
export async function launchBrowser(): Promise<Browser> {
  // A run that was ended while unpacking leaves half a browser, which would be taken for a whole one.
  if (!existsSync(UNPACKED)) rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  process.env['TMPDIR'] = FOLDER;
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs24.x';
  process.env['FONTCONFIG_PATH'] = FOLDER;
  writeFileSync(join(FOLDER, 'fonts.conf'), FONTS);
  const { default: packaged } = await import('@sparticuz/chromium');
  const { chromium } = await import('playwright-core');
  const executablePath = await packaged.executablePath();
  writeFileSync(UNPACKED, '');
  return await chromium.launch({ executablePath, args: ARGUMENTS });
}
