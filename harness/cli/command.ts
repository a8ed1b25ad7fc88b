/** One verb of the command line: its name, help, options and what it does. */
import type { Argv, PositionalOptions } from 'yargs';
import type { Io } from './io.ts';
import { valuesOf, type Options, type Values } from './options/option.ts';
import type { Settings } from './options/settings.ts';

/** Runs a command whose options are read. @returns the exit code */
export type Run = (io: Io, signal: AbortSignal) => Promise<number>;

/** A command as its file declares it. */
export interface Command<O extends Options> {
  /** Name and positional arguments, as yargs wants them: `report [run]`. */
  readonly usage: string;
  readonly describe: string;
  readonly examples: readonly (readonly [command: string, what: string])[];
  readonly options: O;
  /** Runs it. @returns the exit code */
  readonly run: (options: Values<O>, io: Io, signal: AbortSignal) => Promise<number>;
}

/** A command whose option types are hidden, so that several fit into one list. */
export interface AnyCommand {
  readonly name: string;
  /** Commands that it is the common first word of; undefined for a command that does something itself. */
  readonly commands?: readonly AnyCommand[];
  /** Its options, without its positional arguments; of a group those of all its commands. */
  readonly options: Options;
  /**
   * Adds it to a parser.
   *
   * @param settings gives the options that come from elsewhere than the command line
   * @param choose is called with what to run when the command line names this command
   */
  readonly attach: (
    parser: Argv,
    settings: (options: Options) => Settings,
    choose: (run: Run) => void,
  ) => void;
}

/** Hides the option types of a command. */
export function command<O extends Options>({
  usage,
  describe,
  examples,
  options,
  run,
}: Command<O>): AnyCommand {
  const declared = Object.entries(options);
  const named = Object.fromEntries(declared.filter(([, { positional }]) => !positional));
  const declare = (parser: Argv): Argv => {
    for (const [name, { help, positional }] of declared) {
      if (positional) parser.positional(name, help as PositionalOptions);
      else parser.option(name, help);
    }
    return parser.example(examples.map(([line, what]) => [`$0 ${line}`, what]));
  };
  return {
    name: usage.split(' ')[0] ?? '',
    options: named,
    attach: (parser, settings, choose) => {
      parser.command(
        usage,
        describe,
        (y) => declare(y).config(settings(named)),
        (given: Readonly<Record<string, unknown>>) => {
          const values = valuesOf(options, given);
          choose((io, signal) => run(values, io, signal));
        },
      );
    },
  };
}

/** Several commands under one first word, such as `lab stevens` and `lab models`. */
export function group(name: string, describe: string, commands: readonly AnyCommand[]): AnyCommand {
  return {
    name,
    commands,
    options: Object.assign({}, ...commands.map(({ options }) => options)) as Options,
    attach: (parser, settings, choose) => {
      const what = commands.map((each) => `holdfast ${name} ${each.name}`).join(', ');
      parser.command(name, describe, (y) => {
        for (const each of commands) each.attach(y, settings, choose);
        return y.demandCommand(1, `Name a command: ${what}.`);
      });
    },
  };
}
