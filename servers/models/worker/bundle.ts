/** `node bundle.ts SERVICE PROGRAM`: bundles main.ts and a service's module into a worker's program. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { messageOf } from '../../errors.ts';
import { madeOf } from './program.ts';

const [service = '', program = ''] = process.argv.slice(2);
const workerMain = fileURLToPath(new URL('main.ts', import.meta.url));

const { outputFiles, metafile } = await build({
  stdin: {
    contents: `import { service } from ${JSON.stringify(service)};
               import { runWorker } from ${JSON.stringify(workerMain)};
               runWorker(service);`,
    resolveDir: '/',
  },
  bundle: true,
  platform: 'node',
  target: `node${process.versions.node}`,
  // Node loads a CommonJS module directly; an ES module goes through its loader.
  format: 'cjs',
  write: false,
  metafile: true,
  absWorkingDir: '/',
  logLevel: 'silent',
  plugins: [
    {
      // Keeps a module's original `import.meta.url` in the bundle.
      name: 'import.meta.url',
      setup: (bundling) => {
        bundling.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
          contents: readFileSync(path, 'utf8').replaceAll(
            'import.meta.url',
            JSON.stringify(pathToFileURL(path).href),
          ),
          loader: 'ts',
        }));
      },
    },
  ],
}).catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});

const sources = Object.keys(metafile.inputs)
  .filter((input) => input !== '<stdin>')
  .map((input) => resolve('/', input));
// Atomic replacement: servers may start at the same time.
const part = `${program}.${process.pid}`;
writeFileSync(part, `${madeOf(sources)}\n${outputFiles[0]?.text}`);
renameSync(part, program);
