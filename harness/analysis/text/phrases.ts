/** Parts of sentences that several texts share. */
import { formatPercent } from './format.ts';

/** `a`, `a and b`, `a, b and c`; from `most` on the rest is counted: `a, b and 4 more`. */
export function listed(names: readonly string[], most = 6): string {
  const shown = names.length > most ? names.slice(0, most - 1) : names;
  const rest = names.length - shown.length;
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown;
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}

/** `1 trial`, `2 trials`, `1,200 clients`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}

/** `at 5 clients`, `from 5 to 500 clients`. */
export function clientRange(from: number, to: number): string {
  return from === to
    ? `at ${counted(to, 'client')}`
    : `from ${from.toLocaleString('en')} to ${counted(to, 'client')}`;
}

/** How a figure stands to another: `4.2 % more`, `14 times as much`; undefined where a ratio says nothing. */
export function comparedTo(value: number, reference: number): string | undefined {
  if (!(reference > 0) || !(value > 0)) return undefined;
  const ratio = value / reference;
  if (ratio >= 2) return `${Number(ratio.toPrecision(2)).toLocaleString('en')} times as much`;
  const change = formatPercent(Math.abs(ratio - 1), 2);
  return ratio >= 1 ? `${change} more` : `${change} less`;
}

/** With a full stop, where it has no end: what others said is quoted as they said it. */
export function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The first letter in upper case. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
