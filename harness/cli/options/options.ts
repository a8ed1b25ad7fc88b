/** What the command line can say, as typed values: the one place that knows yargs. */
import yargs, { type Argv } from 'yargs';
import { UsageError, didYouMean } from '../../errors.ts';
import type { Io } from '../io.ts';
import {
  settingsOfFile,
  settingsOfVariables,
  type OptionKind,
  type OptionKinds,
  type Settings,
} from './settings.ts';

/** One verb: its name, help, options and what it does. */
export interface Command<T> {
  /** As yargs wants it: name and positional arguments, `report <run>`. */
  readonly usage: string;
  readonly describe: string;
  readonly examples: readonly (readonly [command: string, what: string])[];
  readonly options: (yargs: Argv) => Argv<T>;
  /** Runs it. @returns the exit code */
  readonly run: (options: T, io: Io, signal: AbortSignal) => Promise<number>;
}

/** A command with its options parsed, ready to run; or a text (help, version) that was asked for. */
export type Parsed =
  | { readonly kind: 'run'; readonly run: (io: Io, signal: AbortSignal) => Promise<number> }
  | { readonly kind: 'text'; readonly text: string };

/** A command whose option type is hidden, so that several fit into one list. */
export interface AnyCommand {
  readonly name: string;
  /** Its options, without its positional arguments. */
  readonly kinds: OptionKinds;
  /** Adds it to a parser. `settings` gives the options that come from elsewhere than the command line. */
  readonly attach: (
    parser: Argv,
    settings: (kinds: OptionKinds) => Settings,
    choose: (run: (io: Io, signal: AbortSignal) => Promise<number>) => void,
  ) => void;
}

/** Hides the option type of a command. */
export function command<T>(definition: Command<T>): AnyCommand {
  const kinds = kindsOf(definition);
  return {
    name: definition.usage.split(' ')[0] ?? '',
    kinds,
    attach: (parser, settings, choose) => {
      parser.command<T>(
        definition.usage,
        definition.describe,
        (y) =>
          definition
            .options(y.example(definition.examples.map(([c, what]) => [`$0 ${c}`, what])))
            .config(settings(kinds)),
        (args) => choose((io, signal) => definition.run(args as T, io, signal)),
      );
    },
  };
}

/** What yargs knows of declared options. Its types leave this out. */
interface Declared {
  getOptions(): {
    readonly key: Readonly<Record<string, unknown>>;
    readonly array: readonly string[];
    readonly boolean: readonly string[];
    readonly number: readonly string[];
    /** Other names of an option, by its name. */
    readonly alias: Readonly<Record<string, readonly string[]>>;
  };
}

function kindsOf<T>({ usage, options }: Command<T>): OptionKinds {
  const declared = options(yargs().help(false).version(false)) as unknown as Declared;
  const { key, array, boolean, number, alias } = declared.getOptions();
  const positional = [...usage.matchAll(/[<[]([\w-]+)/g)].map(([, name]) => name);
  const others = new Set([...positional, ...Object.values(alias).flat()]);
  const kindOf = (name: string): OptionKind => {
    if (array.includes(name)) return 'list';
    if (boolean.includes(name)) return 'boolean';
    return number.includes(name) ? 'number' : 'text';
  };
  const names = Object.keys(key).filter((name) => !others.has(name));
  return new Map(names.map((name) => [name, kindOf(name)]));
}

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
  const known = new Set(commands.flatMap(({ kinds }) => [...kinds.keys()]));
  const file = configFile(argv) ?? env['HOLDFAST_CONFIG'];
  const settings = (kinds: OptionKinds): Settings => ({
    ...(file === undefined ? {} : settingsOfFile(file, kinds, known)),
    ...settingsOfVariables(env, kinds, known),
  });
  let chosen: ((io: Io, signal: AbortSignal) => Promise<number>) | undefined;
  const parser = yargs()
    .scriptName('holdfast')
    .usage(
      '$0 <command> [options]\n\nWhich server architecture holds N clients best on this machine, what does it cost,\nand did a change make it worse?',
    )
    .option('config', { type: 'string', describe: 'a JSON file with options' })
    .version(version)
    .help()
    .alias({ help: 'h', version: 'V' })
    .wrap(Math.min(MAX_WIDTH, process.stdout.columns ?? MAX_WIDTH))
    .demandCommand(
      1,
      `Say what to do: ${commands.map(({ name }) => `holdfast ${name}`).join(', ')}; holdfast --help shows all.`,
    )
    .strict()
    .strictCommands()
    .recommendCommands()
    .completion('completion', 'print a script for the completion of bash or zsh')
    .parserConfiguration({
      'duplicate-arguments-array': true,
      'camel-case-expansion': true,
      'strip-dashed': true,
    })
    .exitProcess(false)
    .fail(false);
  for (const each of commands) each.attach(parser, settings, (run) => (chosen = run));
  let text = '';
  try {
    await parser.parseAsync([...argv], {}, (_error, _args, output) => {
      text = output;
    });
  } catch (error) {
    throw asUsageError(error, commands, argv[0] ?? '');
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
function asUsageError(error: unknown, commands: readonly AnyCommand[], verb: string): unknown {
  if (!(error instanceof Error) || error instanceof UsageError) return error;
  if (
    error.name !== 'YError' &&
    !/^(Say what|Unknown|Not enough|Too many|Missing|Invalid|Argument)/.test(error.message)
  )
    return error;
  const unknown = /^Unknown (command|argument)s?: (.+)$/m.exec(error.message);
  const names = commands.map(({ name }) => name);
  const [, kind, what = ''] = unknown ?? [];
  if (kind === 'command' || (kind === 'argument' && verb === what)) {
    return new UsageError(`There is no command "${what}"${didYouMean(what, names)}`);
  }
  if (kind === 'argument') {
    return new UsageError(
      `There is no option or argument "${what}" here; holdfast ${verb} --help lists them.`,
    );
  }
  return new UsageError(`${error.message.replaceAll(/\s*\n\s*/g, ' ').trim()} (holdfast --help)`);
}
