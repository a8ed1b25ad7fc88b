/** A command as one line of text, cut into program and arguments the way a shell would, but run without a shell. */
import { UsageError } from '../errors.ts';

/**
 * Splits at blanks; single quotes keep everything, double quotes all but `\"` and `\\`, a backslash keeps the next
 * character. No variables, globs or pipes: what needs a shell says `sh -c '…'`.
 *
 * @throws UsageError for a quote that is not closed, or an empty command
 */
export function splitCommand(text: string): string[] {
  const parts: string[] = [];
  let part: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (quote === "'") {
      if (c === "'") quote = undefined;
      else part = (part ?? '') + c;
    } else if (
      c === '\\' &&
      i + 1 < text.length &&
      (quote === undefined || /["\\]/.test(text.charAt(i + 1)))
    ) {
      part = (part ?? '') + text.charAt(++i);
    } else if (quote === '"') {
      if (c === '"') quote = undefined;
      else part = (part ?? '') + c;
    } else if (c === '"' || c === "'") {
      quote = c;
      part ??= '';
    } else if (/\s/.test(c)) {
      if (part !== undefined) parts.push(part);
      part = undefined;
    } else {
      part = (part ?? '') + c;
    }
  }
  if (quote) throw new UsageError(`The command ${text} has a ${quote} that is not closed; close it.`);
  if (part !== undefined) parts.push(part);
  if (parts.length === 0) throw new UsageError('A command is empty; write the program and its arguments.');
  return parts;
}
