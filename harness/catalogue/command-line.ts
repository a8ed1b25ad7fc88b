/** A command as one line of text, cut into program and arguments the way a shell would, but run without a shell. */
import { UsageError } from '../errors.ts';

/** Text in quotes, a character after a backslash, blanks, or other text; a quote that is not closed stands alone. */
const PIECE =
  /'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\["\\]|\\(?!["\\]))*)"|\\(?<escaped>[^])|(?<blank>\s+)|(?<plain>[^\s'"\\]+|[^])/g;

/**
 * Splits at blanks; single quotes keep everything, double quotes all but `\"` and `\\`, a backslash keeps the next
 * character. No variables, globs or pipes: what needs a shell says `sh -c '…'`.
 *
 * @throws UsageError for a quote that is not closed, or an empty command
 */
export function splitCommand(text: string): string[] {
  const parts: string[] = [];
  let part: string | undefined;
  for (const { groups: { single, double, escaped, blank, plain } = {} } of text.matchAll(PIECE)) {
    if (plain === '"' || plain === "'") {
      throw new UsageError(`The command ${text} has a ${plain} that is not closed; close it.`);
    }
    if (blank === undefined) {
      part = (part ?? '') + (single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? plain);
    } else if (part !== undefined) {
      parts.push(part);
      part = undefined;
    }
  }
  if (part !== undefined) parts.push(part);
  if (parts.length === 0) throw new UsageError('A command is empty; write the program and its arguments.');
  return parts;
}
