/** The manifest: anybody's servers, a few lines of JSON each. */
import { UsageError } from '../errors.ts';
import { readHandwritten } from '../results/document.ts';
import type { AnalyticModel } from '../results/schema/plan.ts';
import type { DeclaredServer } from '../results/schema/server-manifest.ts';
import { splitCommand } from './command-line.ts';

/** One server of a manifest, or of `--command`. */
export interface ManifestServer extends Omit<DeclaredServer, 'command' | 'slots'> {
  readonly command: readonly string[];
  readonly analytic?: AnalyticModel;
}

/**
 * Reads a manifest: `{"servers": [{"name": "mine", "command": "python3 my_server.py {port}"}]}`.
 *
 * @throws UsageError that names the file and the place
 */
export async function readManifest(path: string): Promise<ManifestServer[]> {
  const { serverManifestSchema } = await import('../results/schema/server-manifest.ts');
  const { servers } = readHandwritten(path, serverManifestSchema, {
    name: 'manifest',
    remedy: 'It is a JSON file',
    docs: 'docs/servers/adding-a-server.md',
  });
  return servers.map(({ slots, command, ...others }) => {
    const parts = typeof command === 'string' ? splitCommand(command) : command;
    if (!parts.some((part) => part.includes('{port}'))) {
      throw new UsageError(
        `The manifest ${path}, server ${others.name}: its command does not contain {port}; write it where the port goes.`,
      );
    }
    return {
      ...others,
      command: parts,
      ...(slots === undefined
        ? {}
        : { analytic: slots === 1 ? { kind: 'iterative' } : { kind: 'pool', slots } }),
    };
  });
}
