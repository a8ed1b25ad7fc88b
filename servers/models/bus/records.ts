/**
 * What travels between a worker and the hub: frames as on the wire (docs/servers/wire.md), with a meaning of their own. The
 * method says what it is, the body is a name or a message, and the call id belongs to a claim or counts bytes.
 */
import { encodeFrame } from '../../wire/frame.ts';
import { KINDS } from '../../wire/methods.ts';

export const RECORDS = {
  /** Worker to hub: the name is wanted; answered with the same call id by `granted` or `denied`. */
  claim: 1,
  granted: 2,
  denied: 3,
  /** Hub to all other workers: the name is held now. */
  claimed: 4,
  /** Worker to hub, and hub to all other workers: the name is free again. */
  release: 5,
  /** Worker to hub, and hub to all other workers as it came. */
  publish: 6,
  /** Either way: so many bytes (the call id) have been worked on. */
  acknowledge: 7,
} as const;

const NOTHING = new Uint8Array();

export function record(what: keyof typeof RECORDS, number: number, body: Uint8Array = NOTHING): Buffer {
  return encodeFrame(KINDS.event, RECORDS[what], number, body);
}
