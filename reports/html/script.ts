/**
 * The page's scripts: Vega as it is shipped, and reports/page/ with all that it imports, made one by esbuild.
 *
 * Making it takes a tenth of a second, so it is kept in .cache/page with the hashes of the sources that it was made of.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const KEPT = join(ROOT, '.cache/page/script.json');
const PAGE = join(ROOT, 'reports/page');

/** How the page's modules become one script: `vega` and what it exports are the global that its own script leaves. */
export const BUNDLING = {
  bundle: true,
  format: 'iife',
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  target: ['chrome120', 'firefox121', 'safari17'],
  alias: { vega: join(PAGE, 'vega.ts'), 'vega-util': join(PAGE, 'vega.ts') },
  absWorkingDir: ROOT,
  tsconfigRaw: '{}',
  logLevel: 'silent',
  write: false,
  metafile: true,
} as const satisfies BuildOptions;

/** A script, and the SHA-256 of every source that it was made of by path from the root. */
interface Bundle {
  readonly sources: Readonly<Record<string, string>>;
  readonly script: string;
}

let scripts: Promise<readonly string[]> | undefined;

/** Vega and the page's own script, in the order in which they run. Made once a process. */
export function pageScripts(): Promise<readonly string[]> {
  scripts ??= pageScript().then((own) => [vegaScript(), own]);
  return scripts;
}

/** Vega without the line that names its source map. It leaves itself in the global `vega`. */
function vegaScript(): string {
  const text = readFileSync(new URL('vega.min.js', import.meta.resolve('vega')), 'utf8');
  return text.replace(/^\/\/# sourceMappingURL=.*$/m, '').trim();
}

async function pageScript(): Promise<string> {
  const kept = readKept();
  if (kept) return kept.script;
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({ ...BUNDLING, entryPoints: [join(PAGE, 'start.ts')] });
  const script = (outputFiles[0]?.text ?? '').trim();
  // How it is made is part of what it is made of.
  const inputs = [...Object.keys(metafile.inputs), import.meta.filename, 'node_modules/esbuild/package.json'];
  const sources = Object.fromEntries(inputs.map((path) => [path, hashOf(path)]));
  keep({ sources, script });
  return script;
}

/** What was kept, if none of its sources has changed. */
function readKept(): Bundle | undefined {
  try {
    const kept = JSON.parse(readFileSync(KEPT, 'utf8')) as Bundle;
    return Object.entries(kept.sources).every(([path, hash]) => hashOf(path) === hash) ? kept : undefined;
  } catch {
    return undefined;
  }
}

function hashOf(path: string): string {
  return createHash('sha256')
    .update(readFileSync(resolve(ROOT, path)))
    .digest('hex');
}

/** Whole or not at all, for reports may be drawn at the same time; where nothing can be written, every process makes it. */
function keep(bundle: Bundle): void {
  const part = `${KEPT}.${process.pid}`;
  try {
    mkdirSync(dirname(KEPT), { recursive: true });
    writeFileSync(part, JSON.stringify(bundle));
    renameSync(part, KEPT);
  } catch {
    // A folder of another user's.
  }
}
