/**
 * Reads JSON documents and checks them against their schemas. An error names the place, what is expected there, and
 * what was found.
 */
import { readFileSync } from 'node:fs';
import type { ZodObject, ZodType, core, output } from 'zod';
import { UnfitError, UsageError, didYouMean, messageOf, type HoldfastError } from '../errors.ts';
import type { Immutable } from './schema/leaves.ts';

type Read<S extends ZodType> = Immutable<output<S>>;

/** Makes an error of a fault in a document; adds what to do about it. */
export type Complain = (fault: string, options?: ErrorOptions) => HoldfastError;

export const damaged: Complain = (fault, options) =>
  new UnfitError(`${fault}. The file was changed or damaged.`, options);

/**
 * Reads a file that Holdfast wrote itself.
 *
 * @throws UsageError for a missing file; UnfitError that names the file and the place in it
 */
export function readDocument<S extends ZodType>(path: string, schema: S): Read<S> {
  return parseDocument(readText(path), schema, path);
}

/** A kind of file that people write. */
export interface Handwritten {
  /** Such as `manifest`. */
  readonly name: string;
  /** What to do when it cannot be read. */
  readonly remedy: string;
  /** The docs page that describes it. */
  readonly docs: string;
}

/** Reads a file that a person wrote. @throws UsageError that names the file and the place in it */
export function readHandwritten<S extends ZodType>(
  path: string,
  schema: S,
  { name, remedy, docs }: Handwritten,
): Read<S> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read the ${name} ${path}: ${messageOf(error)}. ${remedy} (${docs}).`, {
      cause: error,
    });
  }
  return parseDocument(
    text,
    schema,
    `The ${name} ${path}`,
    (fault, options) => new UsageError(`${fault} (${docs}).`, options),
  );
}

/** The text of a file of a run, or `absent` if it is missing. @throws UsageError if it is missing, else UnfitError */
export function readText(path: string, absent?: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      if (absent !== undefined) return absent;
      throw new UsageError(
        `${path} does not exist: this is not the folder of a run, or the run never began.`,
        { cause: error },
      );
    }
    throw new UnfitError(`Cannot read ${path}: ${messageOf(error)}.`, { cause: error });
  }
}

/**
 * Parses a document.
 *
 * @param place names the text in errors: a path, or a path and a line
 * @throws what `complain` makes of the first fault
 */
export function parseDocument<S extends ZodType>(
  text: string,
  schema: S,
  place: string,
  complain: Complain = damaged,
): Read<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw complain(`${place} is not valid JSON (${messageOf(error)})`, { cause: error });
  }
  // Compiling parsers (zod's default) takes longer than it saves in a process that reads one or two runs.
  const outcome = schema.safeParse(value, { error: expectation, jitless: true });
  if (outcome.success) return outcome.data as Read<S>;
  throw complain(`${place}${wordFault(outcome.error.issues, value)}`);
}

/** ` at servers.0.name: expected …, found …` for the first fault; a wrong version comes before all others. */
function wordFault(issues: readonly core.$ZodIssue[], document: unknown): string {
  const version = issues.find(({ path }) => path.length === 1 && path[0] === 'schema');
  const found = valueAt(document, ['schema']);
  if (version && typeof found === 'number')
    return ` is of version ${found}, and this Holdfast reads version ${version.message}: read it with the one that wrote it`;
  const [issue] = issues;
  if (!issue) return ': not as expected';
  const { path, message } = innermost(issue);
  const at = path.length > 0 ? ` at ${path.join('.')}` : '';
  if (issue.code === 'unrecognized_keys') return `${at}: ${message}`;
  return `${at}: expected ${message}, found ${shown(valueAt(document, path))}`;
}

/** Place and message of a fault; in a union, those of the alternative that matched deepest. */
function innermost(issue: core.$ZodIssue): Pick<core.$ZodIssue, 'path' | 'message'> {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const inner = issue.errors.flatMap(([first]) => (first ? [innermost(first)] : []));
  const deepest = inner.find(({ path }) => path.length > 0);
  if (!deepest) return { path: issue.path, message: inner.map(({ message }) => message).join(' or ') };
  return { path: [...issue.path, ...deepest.path], message: deepest.message };
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** The end of "expected …"; undefined for schemas with their own message. */
function expectation(issue: core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return KINDS[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return listed(issue.values);
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options) ? listed(issue.options) : undefined;
    case 'too_small':
      return `${bounded(issue.origin)} ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
    case 'too_big':
      return `${bounded(issue.origin)} ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
    case 'unrecognized_keys':
      return `unknown field "${issue.keys[0]}"${didYouMean(issue.keys[0] ?? '', fieldsOf(issue.inst)).replace(/[.?]$/, '')}`;
    default:
      return undefined;
  }
}

function listed(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}

function bounded(origin: string): string {
  return origin === 'array' ? 'a list of length' : origin === 'string' ? 'text of length' : 'a number of';
}

function fieldsOf(schema: unknown): string[] {
  return Object.keys((schema as ZodObject | undefined)?.def.shape ?? {});
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
