/** Names of paints, with which Vega draws, as colours. Runs in the page as well. */

/**
 * The colour of a paint: `s3` and `q3` (quiet) that of the mark's server, whose class sets it, `t3` the ink for a text
 * of that server, and every other name a variable of the page, in `alarm@3` with the server that it is used for. A picture that stands alone has the variables replaced (svg.ts).
 */
export function paintOf(name: string): string {
  if (/^[sq]\d+$/.test(name)) return 'currentColor';
  return `var(--${/^t\d+$/.test(name) ? 'ink' : name.replace(/@\d+$/, '')})`;
}
