/** Typed parameters of scenarios: declared as data, set by `--set name=value`, documented from the declaration. */
import { UsageError, didYouMean } from '../errors.ts';
import type { ParameterValue } from '../results/schema/plan.ts';
import { formatDuration, parseDuration, parseRate } from './duration.ts';
import { parseThinkTime } from './think-time.ts';

/** The kinds whose values are numbers: how one is read, how its bounds are shown, and what to give. */
const QUANTITIES = {
  integer: { parse: parseWhole, format: String, what: 'a whole number', example: '' },
  duration: {
    parse: parseDuration,
    format: (ms: number) => formatDuration(ms),
    what: 'a duration',
    example: ', such as 20ms or 1.5s',
  },
  rate: {
    parse: parseRate,
    format: (perSecond: number) => `${perSecond}/s`,
    what: 'a rate',
    example: ', such as 5000/s or 300/min',
  },
} as const;

interface Described {
  /** One sentence for `holdfast list scenarios` and the docs. */
  readonly description: string;
}

/** One declared parameter. */
export type Parameter = Described &
  /** A whole number, a duration in ms, or a rate per second: a number once it is parsed. */
  (
    | {
        readonly kind: keyof typeof QUANTITIES;
        readonly default: number;
        readonly min: number;
        readonly max: number;
      }
    /** A think time: a duration or a distribution (think-time.ts); its value stays text. */
    | { readonly kind: 'think'; readonly default: string }
    | { readonly kind: 'boolean'; readonly default: boolean }
    | { readonly kind: 'choice'; readonly default: string; readonly choices: readonly string[] }
    | { readonly kind: 'text'; readonly default: string }
  );

/** Parameter declarations by name. */
export type ParameterTable = Readonly<Record<string, Parameter>>;

/** The parsed values of a table: numbers for integers, durations (ms) and rates (per second), booleans, strings. */
export type ParameterValues<T extends ParameterTable = ParameterTable> = {
  readonly [K in keyof T]: ValueOfKind<T[K]['kind']>;
};

/** Names of the parameters of one kind; any name where the table is not known. */
export type ParameterNameOf<T extends ParameterTable, K extends Parameter['kind']> = string extends keyof T
  ? string
  : { [Name in keyof T]: T[Name]['kind'] extends K ? Name & string : never }[keyof T];

/** Distributes over a union of kinds, so that the values of a table that is not known are of any type. */
type ValueOfKind<K> = K extends keyof typeof QUANTITIES ? number : K extends 'boolean' ? boolean : string;

/**
 * Parses one value as its declaration wants it.
 *
 * @throws UsageError that names the parameter and what is allowed
 */
export function parseParameter(name: string, parameter: Parameter, text: string): ParameterValue {
  switch (parameter.kind) {
    case 'integer':
    case 'duration':
    case 'rate': {
      const { kind, min, max } = parameter;
      const { parse, format, what, example } = QUANTITIES[kind];
      const value = parse(text);
      if (value !== undefined && value >= min && value <= max) return value;
      throw new UsageError(
        `--set ${name}=${text}: give ${what} from ${format(min)} to ${format(max)}${example}.`,
      );
    }
    case 'think': {
      const think = parseThinkTime(text);
      if (think.kind === 'wrong') throw new UsageError(`--set ${name}=${text}: ${think.why}.`);
      return text.trim();
    }
    case 'boolean':
      if (text === 'true' || text === '' || text === 'yes') return true;
      if (text === 'false' || text === 'no') return false;
      throw new UsageError(`--set ${name}=${text}: give true or false.`);
    case 'choice':
      if (parameter.choices.includes(text)) return text;
      throw new UsageError(`--set ${name}=${text}: give one of ${parameter.choices.join(', ')}.`);
    case 'text':
      return text;
  }
}

function parseWhole(text: string): number | undefined {
  return /^\s*-?\d+\s*$/.test(text) ? Number(text) : undefined;
}

/** Every parameter's default. */
export function defaultsOf<T extends ParameterTable>(table: T): ParameterValues<T> {
  const entries = Object.entries(table).map(([name, parameter]) => [name, parameter.default]);
  return Object.fromEntries(entries) as ParameterValues<T>;
}

/**
 * The values of a table under `name=value` settings; what is not set has its default.
 *
 * @throws UsageError for an unknown name (with the nearest one) or a value out of range
 */
export function parametersFrom<T extends ParameterTable>(
  table: T,
  settings: ReadonlyMap<string, string>,
): ParameterValues<T> {
  const values: Record<string, ParameterValue> = { ...(defaultsOf(table) as Record<string, ParameterValue>) };
  for (const [name, text] of settings) {
    const parameter = table[name];
    if (!parameter) {
      throw new UsageError(
        `--set ${name}: there is no such parameter${didYouMean(name, Object.keys(table))}`,
      );
    }
    values[name] = parseParameter(name, parameter, text);
  }
  return values as ParameterValues<T>;
}
