/** Typed parameters of services: `--set cpu=1ms`, checked against the service's own table. */
import { usageError } from '../../errors.ts';

export type Parameter =
  | { readonly type: 'boolean'; readonly default: boolean }
  | { readonly type: 'integer'; readonly default: number; readonly min: number; readonly max: number }
  /** A share from 0 to 1. */
  | { readonly type: 'share'; readonly default: number }
  | { readonly type: 'choice'; readonly default: string; readonly choices: readonly string[] }
  /** Microseconds, written with a unit: 500us, 1ms, 2s. */
  | { readonly type: 'durationUs'; readonly default: number; readonly max: number };

export interface ParameterTable {
  readonly [name: string]: Parameter;
}

export type ParameterValues<P extends ParameterTable> = {
  readonly [K in keyof P]: ValueOf<P[K]>;
};

type ValueOf<P extends Parameter> = P extends { readonly type: 'boolean' }
  ? boolean
  : P extends { readonly type: 'choice'; readonly choices: readonly (infer C)[] }
    ? C
    : number;

/** One value, as it travels to workers. */
export type ParameterValue = boolean | number | string;

/**
 * The values of all parameters: the defaults, and what was set.
 *
 * @param service the service's name, for the message
 * @param settings `K=V` texts, the last of a name wins
 * @throws {ServerError} (exit code 2) on an unknown name or a value out of its range; it says what is allowed
 */
export function parseParameters<P extends ParameterTable>(
  service: string,
  table: P,
  settings: readonly string[],
): ParameterValues<P> {
  const values: Record<string, ParameterValue> = {};
  for (const name of Object.keys(table)) values[name] = (table[name] as Parameter).default;
  for (const setting of settings) {
    const at = setting.indexOf('=');
    if (at < 1) throw usageError(`--set takes NAME=VALUE, not '${setting}'`);
    const name = setting.slice(0, at);
    const parameter = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!parameter)
      throw usageError(`${service} has no parameter '${name}': ${allowedNames(service, table)}`);
    const value = parse(parameter, setting.slice(at + 1));
    if (value === undefined) throw usageError(`--set ${setting}: ${name} is ${allowedValues(parameter)}`);
    values[name] = value;
  }
  return values as ParameterValues<P>;
}

function allowedNames(service: string, table: ParameterTable): string {
  const names = Object.keys(table);
  return names.length === 0 ? `${service} takes none` : `it takes ${names.join(', ')}`;
}

function allowedValues(parameter: Parameter): string {
  switch (parameter.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number from ${parameter.min} to ${parameter.max}`;
    case 'share':
      return 'a number from 0 to 1';
    case 'choice':
      return `one of ${parameter.choices.join(', ')}`;
    case 'durationUs':
      return `a time such as 500us, 1ms or 2s, up to ${parameter.max / 1e6}s`;
  }
}

const UNITS_US: Readonly<Record<string, number>> = { us: 1, ms: 1000, s: 1_000_000 };

function parse(parameter: Parameter, text: string): ParameterValue | undefined {
  switch (parameter.type) {
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'integer':
      return within(/^\d{1,15}$/.test(text) ? Number(text) : undefined, parameter.min, parameter.max);
    case 'share':
      return within(/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined, 0, 1);
    case 'choice':
      return parameter.choices.includes(text) ? text : undefined;
    case 'durationUs':
      return within(parseDurationUs(text), 0, parameter.max);
  }
}

/** Microseconds of a time with its unit, such as 500us, 1ms or 2s; undefined where the text is none. */
export function parseDurationUs(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,15})(us|ms|s)$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  return Number(digits) * (UNITS_US[unit] ?? 1);
}

function within(value: number | undefined, min: number, max: number): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined;
}
