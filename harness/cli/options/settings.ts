/** Options that come from HOLDFAST_… variables and from a file of options, under the names of the command line. */
import { readFileSync } from 'node:fs';
import { UsageError, didYouMean, messageOf } from '../../errors.ts';
import { SERVER_MARK } from '../../observe/tree/tree.ts';
import type { OptionKind, Options } from './option.ts';

type Value = string | number | boolean;

/** Options by name; a list where the option takes several values. */
export type Settings = Readonly<Record<string, Value | readonly Value[]>>;

const PREFIX = 'HOLDFAST_';

/** The name of the variable that sets an option. */
export function variableOf(option: string): string {
  return PREFIX + option.toUpperCase().replaceAll('-', '_');
}

/**
 * Options from variables: HOLDFAST_MAX_TRIALS=5 is `--max-trials 5`. A list may be given as JSON: `["a=1","b=2"]`.
 *
 * @param known options that any command has; those of `mine` are returned
 * @throws UsageError for a variable that sets no option of any command, or a value that cannot be understood
 */
export function settingsOfVariables(
  env: Readonly<Record<string, string | undefined>>,
  mine: Options,
  known: ReadonlySet<string>,
): Settings {
  const given: Record<string, Value | readonly Value[]> = {};
  for (const [variable, text] of Object.entries(env)) {
    // The mark of a server is no option: it says who this process belongs to.
    if (!variable.startsWith(PREFIX) || variable === SERVER_MARK || text === undefined) continue;
    const name = variable.slice(PREFIX.length).toLowerCase().replaceAll('_', '-');
    if (name === 'config') continue;
    if (!known.has(name)) {
      throw new UsageError(
        `The environment variable ${variable} matches no option of any command${didYouMean(variable, [...known].map(variableOf))}`,
      );
    }
    const kind = mine[name]?.kind;
    if (kind) given[name] = understood(variable, kind, kind === 'list' ? listOf(text) : text);
  }
  return given;
}

/**
 * Options from a JSON file: `{"clients": "1..100", "trials": 6}`, under the names of the command line.
 *
 * @param known options that any command has, so that one file serves several commands; those of `mine` are returned
 * @throws UsageError that names the file, for one that cannot be read, an unknown name, or a value of the wrong kind
 */
export function settingsOfFile(path: string, mine: Options, known: ReadonlySet<string>): Settings {
  const given: Record<string, Value | readonly Value[]> = {};
  for (const [key, value] of Object.entries(readObject(path))) {
    const name = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (!known.has(name)) {
      throw new UsageError(`${path}: no command has an option "${key}"${didYouMean(key, [...known])}`);
    }
    const kind = mine[name]?.kind;
    if (kind) given[name] = understood(`${path}: ${key}`, kind, value);
  }
  return given;
}

function readObject(path: string): object {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`Cannot read the file of options ${path}: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`${path} must contain a JSON object with options, such as {"trials": 6}.`);
  }
  return value;
}

/** The text of a variable that sets a list: JSON where it begins like it, else its only element. */
function listOf(text: string): unknown {
  if (!text.trimStart().startsWith('[')) return [text];
  try {
    return JSON.parse(text);
  } catch {
    return [text];
  }
}

/** @param place where the value stands, for the error */
function understood(place: string, kind: OptionKind, value: unknown): Value | readonly Value[] {
  switch (kind) {
    case 'list': {
      const list: readonly unknown[] = Array.isArray(value) ? value : [value];
      if (list.every(isValue)) return list;
      throw new UsageError(`${place}: give a string or a list of strings.`);
    }
    case 'boolean':
      if (value === true || value === 'true' || value === '1') return true;
      if (value === false || value === 'false' || value === '0') return false;
      throw new UsageError(`${place}: give true or false.`);
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number === 'number' && Number.isFinite(number)) return number;
      throw new UsageError(`${place}: give a number.`);
    }
    case 'text':
      if (typeof value === 'string' || typeof value === 'number') return String(value);
      throw new UsageError(`${place}: give a string.`);
  }
}

function isValue(value: unknown): value is Value {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
