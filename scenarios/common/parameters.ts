/** Short forms for the parameters that built-in scenarios declare. */

type Range = readonly [min: number, max: number];

/** The longest time that most durations may be set to. */
export const HOUR_MS = 3_600_000;

export function integer(usual: number, [min, max]: Range, description: string) {
  return { kind: 'integer', default: usual, min, max, description } as const;
}

/** @param usual default, in ms, as are the bounds */
export function duration(usual: number, [min, max]: Range, description: string) {
  return { kind: 'duration', default: usual, min, max, description } as const;
}

/** Requests a second; none is set by default. */
export function rate(description: string) {
  return { kind: 'rate', default: 0, min: 0, max: 10_000_000, description } as const;
}

/** Something that is off by default. */
export function flag(description: string) {
  return { kind: 'boolean', default: false, description } as const;
}

export function choice(usual: string, choices: readonly string[], description: string) {
  return { kind: 'choice', default: usual, choices, description } as const;
}

/** How often something is done. */
export function times(usual: number, description: string) {
  return integer(usual, [1, 1_000_000], description);
}

/** Bytes of each message. */
export function messageBytes(usual: number, description = 'Bytes of each message.') {
  return integer(usual, [0, 1_000_000], description);
}

/** A pause between an answer and the next request. */
export function thinkTime(usual: string, description: string) {
  return { kind: 'think', default: usual, description } as const;
}

/** The waiting period of a client. @param unserved what has not been done for a client that gives up */
export function waitingPeriod(usualMs: number, unserved: string) {
  return duration(
    usualMs,
    [1, HOUR_MS],
    `Waiting period: a client ${unserved} by then gives up and is lost.`,
  );
}
