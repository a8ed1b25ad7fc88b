/**
 * One option of a command, declared once: the help, the type, the environment variable, the key in a file of options
 * and every check of its value follow from the declaration.
 */
import type { Options as Help } from 'yargs';
import { UsageError } from '../../errors.ts';
import { parseDuration } from '../../scenario/duration.ts';

/** How the text of an option is understood. */
export type OptionKind = 'text' | 'number' | 'boolean' | 'list';

export interface Option<T> {
  readonly kind: OptionKind;
  /** What yargs shows of it in the help. */
  readonly help: Help;
  /** It is an argument without a name, which stands on the command line only. */
  readonly positional?: true;
  /**
   * The value that a command sees.
   *
   * @param given what yargs or the default gives; undefined where there is neither
   * @param name as in `max-trials`, for the error
   * @throws UsageError for a value that cannot be understood
   */
  readonly read: (given: unknown, name: string) => T;
}

/** Options by name, as in `max-trials`. */
export type Options = Readonly<Record<string, Option<unknown>>>;

type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

/** The values of declared options, as in `maxTrials`. */
export type Values<O extends Options> = {
  readonly [Name in keyof O & string as CamelCase<Name>]: O[Name] extends Option<infer T> ? T : never;
};

/** Reads the values of all options. @throws UsageError */
export function valuesOf<O extends Options>(options: O, given: Readonly<Record<string, unknown>>): Values<O> {
  const values = Object.entries(options).map(([name, { read }]) => [
    camelCase(name),
    read(given[name], name),
  ]);
  return Object.fromEntries(values) as Values<O>;
}

function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Those of some values that were given: what is undefined is left out. */
export function given<T extends object>(
  values: T,
): { readonly [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof given<T>
  >;
}

/** Undefined only where an option has no default. */
type Absent<Default> = undefined extends Default ? undefined : never;

/** A text, understood by `parse`, which gets the name of the option for its error. */
export function parsed<T, Default extends string | undefined>(
  parse: (text: string, name: string) => T,
  describe: string,
  fallback?: Default,
): Option<T | Absent<Default>> {
  return {
    kind: 'text',
    help: { type: 'string', describe, default: fallback, requiresArg: true },
    read: (given, name) => {
      if (given === undefined) return undefined as Absent<Default>;
      if (typeof given !== 'string') throw new UsageError(`--${name}: give it once, with one value.`);
      return parse(given, name);
    },
  };
}

/** A text as it is. */
export function text<Default extends string | undefined>(describe: string, fallback?: Default) {
  return parsed((given) => given, describe, fallback);
}

/** Names, comma-separated. */
export function names<Default extends string | undefined>(describe: string, fallback?: Default) {
  return parsed(commaSeparated, describe, fallback);
}

/** The parts of a comma-separated text, without blanks around them and without empty ones. */
export function commaSeparated(given: string): readonly string[] {
  const parts = given.split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '');
}

/** The longest duration that an option takes: a day, in ms. A timer of Node's holds 24 days and wraps around beyond. */
const LONGEST_MS = 86_400_000;

/** A duration such as `15s`, up to a day, in ms. @param least the shortest that makes sense, in ms */
export function duration<Default extends string | undefined>(
  describe: string,
  fallback?: Default,
  least = 1,
) {
  const parse = (given: string, name: string): number => {
    const ms = parseDuration(given);
    if (ms !== undefined && ms >= least && ms <= LONGEST_MS) return ms;
    throw new UsageError(`--${name} ${given}: give a duration from ${least} ms to 24h, such as 15s.`);
  };
  return parsed(parse, describe, fallback);
}

/** A whole number from `low` to `high`. */
export function whole<Default extends number | undefined>(
  describe: string,
  low: number,
  high: number,
  fallback?: Default,
): Option<number | Absent<Default>> {
  return {
    kind: 'number',
    help: { type: 'number', describe, default: fallback, requiresArg: true },
    read: (given, name) =>
      given === undefined ? (given as Absent<Default>) : wholeOf(given, name, low, high),
  };
}

/** @throws UsageError for what is not a whole number from `low` to `high` */
export function wholeOf(given: unknown, name: string, low: number, high: number): number {
  if (typeof given === 'number' && Number.isInteger(given) && given >= low && given <= high) return given;
  throw new UsageError(`--${name}: give a whole number from ${low} to ${high}.`);
}

/** A switch that is off by default. */
export function flag(describe: string): Option<boolean> {
  return {
    kind: 'boolean',
    help: { type: 'boolean', describe, default: false },
    read: (given) => given === true,
  };
}

/** A text that may be given several times. */
export function list(describe: string): Option<readonly string[]> {
  return {
    kind: 'list',
    help: { type: 'string', array: true, default: [], describe },
    read: (given) => (Array.isArray(given) ? given.map(String) : []),
  };
}

/** One of some words. */
export function choice<const Word extends string>(
  describe: string,
  choices: readonly Word[],
  fallback: NoInfer<Word>,
): Option<Word> {
  return {
    kind: 'text',
    help: { choices, describe, default: fallback },
    // yargs has refused all others.
    read: (given) => given as Word,
  };
}

/** The same option, which must be given. */
export function required<T>({ kind, help, read }: Option<T>): Option<Exclude<T, undefined>> {
  return { kind, help: { ...help, demandOption: true }, read: read as Option<Exclude<T, undefined>>['read'] };
}

/** The same as an argument without a name. */
export function positional<T>(option: Option<T>): Option<T> {
  return { ...option, positional: true };
}

/** The same option under a second, shorter name. */
export function aliased<T>(option: Option<T>, alias: string): Option<T> {
  return { ...option, help: { ...option.help, alias } };
}
