/** Whether an answer is its request again, and what makes each request one that no server can have answered before. */
import { BODY_OFFSET } from '../../../servers/wire/frame.ts';

/** Up to so many bytes a loop here is cheaper than the call into C that compares any number. */
const FEW_BYTES = 24;

/** Letters `a` to `p`: what stands for the four bits of a number that is sent as text. */
const FIRST_LETTER = 97;
/** Letters of a stamp: 28 bits, so that the number is a small integer to V8. */
const STAMP_LETTERS = 7;

/** A number that no server can guess, from 1 to 2³⁰ − 1. */
export function unguessable(): number {
  return 1 + ((Math.random() * 0x3fff_ffff) | 0);
}

/**
 * Makes plain bytes that are to come back unlike those of any other request: as many of its first bytes as make up a
 * number become letters. Framed requests have their call id for it.
 */
export function stamp(request: Uint8Array): void {
  const number = unguessable();
  const letters = request.length < STAMP_LETTERS ? request.length : STAMP_LETTERS;
  for (let i = 0; i < letters; i++) request[i] = FIRST_LETTER + ((number >> (4 * i)) & 15);
}

/** Raw: byte for byte. Framed: length and body, since the reader has seen that the header answers the request. */
export function isEcho(
  request: Uint8Array,
  framed: boolean,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  const { length } = request;
  if (end - start !== length) return false;
  const from = framed ? BODY_OFFSET : 0;
  if (length - from > FEW_BYTES) {
    return Buffer.prototype.compare.call(request, bytes, start + from, end, from, length) === 0;
  }
  for (let i = from, at = start + from; i < length; i++, at++) {
    if (request[i] !== bytes[at]) return false;
  }
  return true;
}
