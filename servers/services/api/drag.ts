/**
 * An injected slow-down: extra CPU time for each message, so that a comparison of two builds can be tested against a
 * difference that is known. A set amount of work rather than a set time: a machine that runs slower for a while slows
 * it down like everything else that the server does.
 */

/** For a service's table of parameters. 1,000 bytes take about a third of a microsecond. */
export const dragParameter = {
  type: 'integer',
  default: 0,
  min: 0,
  max: 10_000_000,
  about: 'bytes searched in vain for each message: a slow-down to test comparisons against',
} as const;

/**
 * Work of a set size. The search is the engine's own compiled code; a loop in JavaScript costs five times as much
 * until it happens to be optimised, which can take longer than a warm-up.
 */
export function dragOf(bytes: number): () => void {
  const nothing = new Uint8Array(bytes);
  return () => void nothing.indexOf(1);
}
