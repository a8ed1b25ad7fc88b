/** Whether an answer is its request again, and what makes each request one that no server can have answered before. */
import { BODY_OFFSET } from '../../../servers/wire/frame.ts';

/** Up to so many bytes words are compared here: the call into C that compares any number costs as much as 200 bytes. */
const FEW_BYTES = 256;

/** Answers that lie in as large an array as sockets read into have a view that is kept; others come seldom. */
const READ_BUFFER_BYTES = 65_536;
let readBuffer: Uint8Array = new Uint8Array();
let readWords: DataView = new DataView(readBuffer.buffer);

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

/** The words of a request that is sent again and again, for `isEcho`; undefined where it is too long for it. */
export function wordsOf({ buffer, byteOffset, length }: Uint8Array): DataView | undefined {
  return length <= FEW_BYTES ? new DataView(buffer, byteOffset, length) : undefined;
}

/**
 * Raw: byte for byte. Framed: length and body, since the reader has seen that the header answers the request.
 *
 * @param words of the request, where they are known
 */
export function isEcho(
  request: Uint8Array,
  words: DataView | undefined,
  framed: boolean,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  const { length } = request;
  if (end - start !== length) return false;
  const from = framed ? BODY_OFFSET : 0;
  if (words === undefined || bytes.length < READ_BUFFER_BYTES) {
    return Buffer.prototype.compare.call(request, bytes, start + from, end, from, length) === 0;
  }
  if (bytes !== readBuffer) {
    readBuffer = bytes;
    readWords = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }
  return areSame(words, from, readWords, start + from, length - from);
}

/** Whether `length` bytes are the same: 16 at a time, without a branch for each. */
function areSame(a: DataView, aFrom: number, b: DataView, bFrom: number, length: number): boolean {
  let difference = 0;
  let i = 0;
  for (; i + 16 <= length; i += 16) {
    const x = aFrom + i;
    const y = bFrom + i;
    difference |=
      (a.getInt32(x) ^ b.getInt32(y)) |
      (a.getInt32(x + 4) ^ b.getInt32(y + 4)) |
      (a.getInt32(x + 8) ^ b.getInt32(y + 8)) |
      (a.getInt32(x + 12) ^ b.getInt32(y + 12));
  }
  for (; i < length; i++) difference |= a.getUint8(aFrom + i) ^ b.getUint8(bFrom + i);
  return difference === 0;
}
