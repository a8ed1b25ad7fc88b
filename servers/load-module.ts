/** Loading a module whose name is known only at run time. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/**
 * The module's exports, at once. `import()` loads the same through promises and threads of its own, which takes about
 * half as long again: much for a worker that starts for one connection.
 *
 * @param url of a file
 */
export function loadModule(url: string | URL): unknown {
  return require(fileURLToPath(url));
}
