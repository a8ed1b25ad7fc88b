/** CSV as RFC 4180 wants it, and as a spreadsheet may safely open it. */
import { visible } from './visible.ts';

/**
 * A field. Spreadsheets run a text that begins with `=`, `+`, `-` or `@` as a formula, quoted or not: such a text gets
 * an apostrophe before it (OWASP, CSV injection). Numbers stay as they are; what is missing or not finite is empty.
 */
export function csvField(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = visible(value);
  const inert = /^\s*[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** Rows of fields as lines with CRLF between them. */
export function csvLines(rows: readonly (readonly Parameters<typeof csvField>[0][])[]): string {
  return rows.map((row) => row.map(csvField).join(',')).join('\r\n');
}
