/** The manifest: anybody's servers, a few lines of JSON each. */
import { readFileSync } from 'node:fs';
import { UsageError, messageOf } from '../errors.ts';
import type { AnalyticModel } from '../results/schema/plan.ts';
import { splitCommand } from './command-line.ts';

/** One server of a manifest, or of `--command`. */
export interface ManifestServer {
  readonly name: string;
  readonly title?: string;
  readonly command: readonly string[];
  readonly language?: string;
  readonly model?: string;
  readonly analytic?: AnalyticModel;
  readonly stopSignal?: 'SIGTERM' | 'SIGINT';
}

/**
 * Reads a manifest: `{"servers": [{"name": "mine", "command": "python3 my_server.py {port}"}]}`. A server may also say
 * its `title`, `language`, `model`, `stopSignal`, and `slots`: how many clients it serves at once (1: iterative), so
 * that the report can hold it against the model of a pool.
 *
 * @throws UsageError that names the file and the place
 */
export async function readManifest(path: string): Promise<ManifestServer[]> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(
      `Cannot read the manifest ${path}: ${messageOf(error)}. It is a JSON file (docs/servers/adding-a-server.md).`,
      {
        cause: error,
      },
    );
  }
  const z = await import('zod');
  const schema = z.strictObject({
    servers: z.array(
      z.strictObject({
        name: z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'letters, digits, dot, dash and underscore only'),
        command: z.union([z.string(), z.array(z.string()).min(1)]),
        title: z.string().optional(),
        language: z.string().optional(),
        model: z.string().optional(),
        slots: z.number().int().positive().optional(),
        stopSignal: z.enum(['SIGTERM', 'SIGINT']).optional(),
      }),
    ),
  });
  const outcome = schema.safeParse(value);
  if (!outcome.success) {
    const issue = outcome.error.issues[0];
    const place = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
    throw new UsageError(
      `The manifest ${path}${place}: ${issue?.message ?? 'not as expected'} (docs/servers/adding-a-server.md).`,
    );
  }
  return outcome.data.servers.map(({ slots, command, title, language, model, stopSignal, name }) => {
    const parts = typeof command === 'string' ? splitCommand(command) : command;
    if (!parts.some((part) => part.includes('{port}'))) {
      throw new UsageError(
        `The manifest ${path}, server ${name}: its command says nowhere {port}; write it where the port goes.`,
      );
    }
    return {
      name,
      command: parts,
      ...(title === undefined ? {} : { title }),
      ...(language === undefined ? {} : { language }),
      ...(model === undefined ? {} : { model }),
      ...(stopSignal === undefined ? {} : { stopSignal }),
      ...(slots === undefined
        ? {}
        : { analytic: slots === 1 ? { kind: 'iterative' } : { kind: 'pool', slots } }),
    };
  });
}
