/** What the command line can say, as typed values: with command.ts the one place that knows yargs. */
import yargs from 'yargs';
import { UsageError, didYouMean } from '../errors.ts';
import type { AnyCommand, Run } from './command.ts';
import type { Options } from './options/option.ts';
import { settingsOfFile, settingsOfVariables, type Settings } from './options/settings.ts';

/** A command with its options parsed, ready to run; or a text (help, version) that was asked for. */
export type Parsed =
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'text'; readonly text: string };

const MAX_WIDTH = 110;

/**
 * Parses a command line. Every option can also come from the environment (`HOLDFAST_TRIALS=5`) or a JSON file named
 * with `--config`; the command line wins over the environment, and that over the file.
 *
 * @param env where the HOLDFAST_… variables are
 * @throws UsageError with one clear sentence
 */
export async function parse(
  argv: readonly string[],
  commands: readonly AnyCommand[],
  version: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Parsed> {
  const known = new Set(commands.flatMap(({ options }) => Object.keys(options)));
  const file = configFile(argv) ?? env['HOLDFAST_CONFIG'];
  const settings = (mine: Options): Settings => ({
    ...(file === undefined ? {} : settingsOfFile(file, mine, known)),
    ...settingsOfVariables(env, mine, known),
  });
  let chosen: Run | undefined;
  const parser = yargs()
    .scriptName('holdfast')
    .usage(
      '$0 <command> [options]\n\nWhich server architecture holds N clients best on this machine, what does it cost,\nand did a change make it worse?',
    )
    .option('config', { type: 'string', describe: 'JSON file with options' })
    .option('debug', { type: 'boolean', describe: 'show the details of a defect of Holdfast' })
    .version(version)
    .help()
    .alias({ help: 'h', version: 'V' })
    .wrap(Math.min(MAX_WIDTH, process.stdout.columns ?? MAX_WIDTH))
    .demandCommand(
      1,
      `Name a command: ${commands.map(({ name }) => `holdfast ${name}`).join(', ')}; holdfast --help describes them.`,
    )
    .strict()
    .strictCommands()
    .completion('completion', 'print a completion script for bash or zsh')
    .exitProcess(false)
    .fail(false);
  for (const each of commands) each.attach(parser, settings, (run) => (chosen = run));
  let text = '';
  try {
    await parser.parseAsync([...argv], {}, (_error, _args, output) => {
      text = output;
    });
  } catch (error) {
    throw asUsageError(error, commands, argv);
  }
  if (chosen) return { kind: 'run', run: chosen };
  return { kind: 'text', text };
}

/** The file that `--config` names. @throws UsageError */
function configFile(argv: readonly string[]): string | undefined {
  const { config } = yargs()
    .help(false)
    .version(false)
    .exitProcess(false)
    .fail(false)
    .option('config', { type: 'string' })
    .parseSync([...argv]);
  if (config === undefined) return undefined;
  if (typeof config === 'string' && config !== '') return config;
  throw new UsageError('--config: give one JSON file with options.');
}

/** yargs' complaints as one sentence each, with the nearest known name. */
function asUsageError(error: unknown, commands: readonly AnyCommand[], argv: readonly string[]): unknown {
  if (!(error instanceof Error) || error instanceof UsageError) return error;
  if (
    error.name !== 'YError' &&
    !/^(Name a|Unknown|Not enough|Too many|Missing|Invalid|Argument)/.test(error.message)
  )
    return error;
  const unknown = /^Unknown (?:command|argument)s?: (.+)$/m.exec(error.message);
  const [verb = '', second = ''] = argv;
  const group = commands.find(({ name }) => name === verb)?.commands;
  const names = (group ?? commands).map(({ name }) => name);
  const what = unknown?.[1];
  if (what !== undefined && what === (group ? second : verb)) {
    return new UsageError(
      `There is no command "${group ? `${verb} ` : ''}${what}"${didYouMean(what, names)}`,
    );
  }
  if (what !== undefined) {
    return new UsageError(
      `There is no option or argument "${what}"; holdfast ${group ? `${verb} ${second}` : verb} --help lists them.`,
    );
  }
  return new UsageError(`${error.message.replaceAll(/\s*\n\s*/g, ' ').trim()} (holdfast --help)`);
}
