/** The options of `holdfast duet`, over the committed configuration. */
import { fileURLToPath } from 'node:url';
import { readDuetConfig } from '../../duet/read.ts';
import type { DuetConfig } from '../../results/schema/duet-config.ts';
import { UsageError } from '../../errors.ts';
import { MAX_CLIENTS } from '../../plan/clients.ts';
import { choice, flag, names, text, whole, type Values } from './option.ts';
import { parametersOption, QUIET, REPORT_FORMAT, seedOption } from './shared.ts';

/** The repository whose revisions are compared: the one that this program lies in. */
export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

/** @param describe what the rules are for */
export function rulesOption(describe: string) {
  const { help, ...rules } = text(describe, `${REPOSITORY}/holdfast.duet.json`);
  return { rules: { ...rules, help: { ...help, defaultDescription: 'holdfast.duet.json' } } };
}

/** How two builds are compared, whatever is measured of them. */
export const COMPARISON_OPTIONS = {
  arrangement: choice(
    'how base and head share the machine',
    ['exchange', 'side-by-side', 'in-turn'],
    'exchange',
  ),
  seed: seedOption('order, cores, folders and generators'),
  strict: flag('exit with code 4 when the verdict is inconclusive'),
  out: text('folder in which to create the duet folder', 'results/duet'),
  'dry-run': flag('build both, show the plan, then stop'),
  ...REPORT_FORMAT,
  ...QUIET,
};

export const DUET_OPTIONS = {
  base: text('base revision to compare against, such as origin/main'),
  head: text('head revision, which may be worse', 'HEAD'),
  'base-command': text("instead of revisions: command of the base server, 'prog {port}'"),
  'head-command': text('command of the head server'),
  ...rulesOption('file that says what is compared and how it is decided'),
  servers: names('comma-separated names (default: as the rules say)'),
  scenario: text('name or file of your own (default: as the rules say)'),
  clients: whole('clients of each arm (default: as the rules say)', 1, MAX_CLIENTS),
  set: parametersOption('scenario', 'size=1024'),
  micro: text('tinybench file whose benchmarks are gates too (default: as the rules say)'),
  ...COMPARISON_OPTIONS,
};

export type DuetOptions = Values<typeof DUET_OPTIONS>;

/** Which builds are asked for. */
export type RequestedArms =
  | { readonly kind: 'revisions'; readonly base: string; readonly head: string }
  | { readonly kind: 'commands'; readonly base: string; readonly head: string };

/** @throws UsageError where neither two revisions nor two commands are named */
export function armsOf({ base, head, baseCommand, headCommand }: DuetOptions): RequestedArms {
  if (baseCommand !== undefined || headCommand !== undefined) {
    if (baseCommand === undefined || headCommand === undefined || base !== undefined) {
      throw new UsageError(
        'To compare two commands, give both --base-command and --head-command, and no --base.',
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
  return {
    ...config,
    servers: servers ?? config.servers,
    scenario: scenario ?? config.scenario,
    clients: clients ?? config.clients,
    // Parameters of the configuration belong to its own scenario.
    set: scenario === undefined ? [...config.set, ...set] : set,
    micro: micro ?? config.micro,
  };
}
