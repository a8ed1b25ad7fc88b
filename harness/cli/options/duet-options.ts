/** The options of `holdfast duet`, over the committed configuration. */
import { fileURLToPath } from 'node:url';
import type { Argv } from 'yargs';
import { readDuetConfig, type DuetConfig } from '../../duet/planning/config.ts';
import type { Arrangement } from '../../duet/planning/plan.ts';
import { UsageError } from '../../errors.ts';
import { MAX_CLIENTS } from '../../plan/clients.ts';

export interface DuetOptions {
  readonly base: string | undefined;
  readonly head: string;
  readonly baseCommand: string | undefined;
  readonly headCommand: string | undefined;
  readonly rules: string;
  readonly servers: string | undefined;
  readonly scenario: string | undefined;
  readonly clients: number | undefined;
  readonly set: readonly string[];
  readonly micro: boolean | undefined;
  readonly arrangement: Arrangement;
  readonly seed: number;
  readonly strict: boolean;
  readonly out: string;
  readonly dryRun: boolean;
  readonly format: 'text' | 'json' | 'markdown';
  readonly quiet: boolean;
}

/** The repository whose revisions are compared: the one that this program lies in. */
export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

export function duetOptions(yargs: Argv): Argv<DuetOptions> {
  return (
    yargs
      .options({
        base: { type: 'string', describe: 'revision that is compared against, such as origin/main' },
        head: { type: 'string', default: 'HEAD', describe: 'revision that may be worse' },
        'base-command': { type: 'string', describe: "instead of revisions: 'prog {port}' of the one …" },
        'head-command': { type: 'string', describe: '… and of the other server' },
        rules: {
          type: 'string',
          default: `${REPOSITORY}/holdfast.duet.json`,
          defaultDescription: 'holdfast.duet.json',
          describe: 'what is compared and how it is decided',
        },
      })
      .options({
        servers: { type: 'string', describe: 'names, comma-separated (default: as the rules say)' },
        scenario: { type: 'string', describe: 'name or file of your own (default: as the rules say)' },
        clients: { type: 'number', describe: 'clients of each arm (default: as the rules say)' },
        set: { type: 'string', array: true, default: [], describe: 'a parameter of the scenario: size=1024' },
        micro: { type: 'boolean', describe: 'with the micro-benchmarks; --no-micro: without' },
        arrangement: {
          choices: ['exchange', 'side-by-side', 'in-turn'] as const,
          default: 'exchange' as const,
          describe: 'how the arms share the machine',
        },
      })
      .options({
        seed: {
          type: 'number',
          default: 1,
          describe: 'of order, cores, folders and generators (0 to 4294967295)',
        },
        strict: { type: 'boolean', default: false, describe: 'exit 4 when it is inconclusive' },
        out: {
          type: 'string',
          default: 'results/duet',
          describe: 'folder that receives the folder of the duet',
        },
        'dry-run': { type: 'boolean', default: false, describe: 'build both, show the plan, and stop' },
        format: {
          choices: ['text', 'json', 'markdown'] as const,
          default: 'text' as const,
          describe: 'of what goes to stdout',
        },
        quiet: { type: 'boolean', default: false, describe: 'no progress' },
      })
      // Without its value an option would silently mean its default, and the wrong builds would be compared.
      .requiresArg([
        'base',
        'head',
        'base-command',
        'head-command',
        'rules',
        'servers',
        'scenario',
        'out',
      ]) as unknown as Argv<DuetOptions>
  );
}

/** Which builds are asked for. */
export type Sides =
  | { readonly kind: 'revisions'; readonly base: string; readonly head: string }
  | { readonly kind: 'commands'; readonly base: string; readonly head: string };

/** @throws UsageError where neither two revisions nor two commands are named */
export function sidesOf({ base, head, baseCommand, headCommand }: DuetOptions): Sides {
  if (baseCommand !== undefined || headCommand !== undefined) {
    if (baseCommand === undefined || headCommand === undefined || base !== undefined) {
      throw new UsageError(
        'Two commands are compared with --base-command and --head-command, both, and without --base.',
      );
    }
    return { kind: 'commands', base: baseCommand, head: headCommand };
  }
  if (base === undefined) {
    throw new UsageError(
      'Name what to compare against: --base origin/main, or two commands with --base-command and --head-command.',
    );
  }
  return { kind: 'revisions', base, head };
}

/** The configuration with what the command line says instead. @throws UsageError */
export async function configFrom(options: DuetOptions): Promise<DuetConfig> {
  const config = await readDuetConfig(options.rules);
  const { servers, scenario, clients, set, micro } = options;
  if (clients !== undefined && !(Number.isInteger(clients) && clients >= 1 && clients <= MAX_CLIENTS)) {
    throw new UsageError(`--clients: give a whole number from 1 to ${MAX_CLIENTS}.`);
  }
  if (!Number.isInteger(options.seed) || options.seed < 0 || options.seed > 2 ** 32 - 1) {
    throw new UsageError('--seed: give a whole number from 0 to 4294967295.');
  }
  return {
    ...config,
    servers:
      servers === undefined
        ? config.servers
        : servers
            .split(',')
            .map((name) => name.trim())
            .filter(Boolean),
    scenario: scenario ?? config.scenario,
    clients: clients ?? config.clients,
    // Parameters of the configuration belong to its own scenario.
    set: scenario === undefined ? [...config.set, ...set] : set,
    micro: micro ?? config.micro,
  };
}
