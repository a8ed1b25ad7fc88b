/** Parameters that several scenarios have. */

/** How often something is done. */
export function times(usual: number, description: string) {
  return { kind: 'integer', default: usual, min: 1, max: 1_000_000, description } as const;
}

/** Bytes of each message. */
export function messageBytes(usual: number, description = 'Bytes of each message.') {
  return { kind: 'integer', default: usual, min: 0, max: 1_000_000, description } as const;
}

/** A pause between an answer and the next request. */
export function thinkTime(usual: string, description: string) {
  return { kind: 'think', default: usual, description } as const;
}

/** The waiting period of a client. @param unserved what has not been done for a client that gives up */
export function waitingPeriod(usualMs: number, unserved: string) {
  return {
    kind: 'duration',
    default: usualMs,
    min: 1,
    max: 3_600_000,
    description: `Waiting period: a client ${unserved} by then gives up and is lost.`,
  } as const;
}
