/** `node bundle.ts SERVICE PROGRAM`: makes the program of a worker out of main.ts and a service's module. */
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
  // Node loads a CommonJS module at once; an ES module takes the way through its loader.
  format: 'cjs',
  write: false,
  metafile: true,
  absWorkingDir: '/',
  logLevel: 'silent',
  plugins: [
    {
      // A module's own address stays what it is, wherever its code has gone.
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
// Whole or not at all: servers start at the same time.
const part = `${program}.${process.pid}`;
writeFileSync(part, `${madeOf(sources)}\n${outputFiles[0]?.text}`);
renameSync(part, program);
