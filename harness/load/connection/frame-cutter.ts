/**
 * Cuts a stream of bytes into frames (docs/servers/wire.md), however the bytes are split on their way.
 *
 * The decoder of servers/wire keeps the chunks that it is given. Here every connection reads into one shared buffer, so
 * a whole frame is looked at where it lies, and only a split one is copied.
 */
import {
  HEADER_BYTES,
  KINDS,
  LENGTH_BYTES,
  MAX_FRAME_BYTES,
  VERSION,
} from '../../../servers/wire/methods.ts';

/** A split frame gets this much room first and grows as bytes come, so that a claimed length costs nothing. */
const FIRST_ROOM = 1024;

/** Base class of what reads frames: part of the same object, so that a message touches one object less. */
export abstract class FrameCutter {
  #held: Uint8Array | undefined;
  #have = 0;

  /** A whole frame is `bytes[start, end)`, valid only during the call. Returns false to leave the rest uncut. */
  protected abstract onFrame(bytes: Uint8Array, start: number, end: number): boolean;

  /** True in the middle of a frame. */
  protected get midFrame(): boolean {
    return this.#have > 0;
  }

  /**
   * Takes the next bytes of the stream, `chunk[start, end)`.
   *
   * @returns what is wrong with the stream; undefined where nothing is
   */
  protected cut(chunk: Uint8Array, start: number, end: number): string | undefined {
    let at = start;
    while (this.#have > 0 && at < end) {
      at += this.#fill(chunk, at, end);
      const held = this.#held as Uint8Array;
      const problem = wrongHeader(held, 0, this.#have);
      if (problem) return problem;
      if (this.#have < LENGTH_BYTES || this.#have < frameBytes(held, 0)) continue;
      const whole = this.#have;
      this.#held = undefined;
      this.#have = 0;
      if (!this.onFrame(held, 0, whole)) return undefined;
    }
    while (at < end) {
      const problem = wrongHeader(chunk, at, end);
      if (problem) return problem;
      const next = end - at >= LENGTH_BYTES ? at + frameBytes(chunk, at) : Infinity;
      if (next > end) {
        this.#hold(chunk, at, end);
        return undefined;
      }
      if (!this.onFrame(chunk, at, next)) return undefined;
      at = next;
    }
    return undefined;
  }

  #hold(chunk: Uint8Array, start: number, end: number): void {
    this.#held = new Uint8Array(Math.max(FIRST_ROOM, end - start));
    this.#held.set(chunk.subarray(start, end));
    this.#have = end - start;
  }

  /** Copies what the held frame still lacks, or its length prefix first; returns the number of bytes taken. */
  #fill(chunk: Uint8Array, at: number, end: number): number {
    const held = this.#held as Uint8Array;
    const wanted = this.#have < LENGTH_BYTES ? LENGTH_BYTES : frameBytes(held, 0);
    const taken = Math.min(wanted - this.#have, end - at);
    const needed = this.#have + taken;
    if (needed > held.length) {
      this.#held = new Uint8Array(Math.min(wanted, Math.max(needed, 2 * held.length)));
      this.#held.set(held.subarray(0, this.#have));
    }
    (this.#held as Uint8Array).set(chunk.subarray(at, at + taken), this.#have);
    this.#have = needed;
    return taken;
  }
}

/** Length of the frame that begins at `at`, its prefix included. */
function frameBytes(bytes: Uint8Array, at: number): number {
  return LENGTH_BYTES + uint32At(bytes, at);
}

/** What is wrong with as much of a header as there is between `at` and `end`. */
function wrongHeader(bytes: Uint8Array, at: number, end: number): string | undefined {
  const have = end - at;
  if (have < LENGTH_BYTES) return undefined;
  const length = uint32At(bytes, at);
  if (length < HEADER_BYTES || length > MAX_FRAME_BYTES) {
    return `a frame claims ${length} bytes; ${HEADER_BYTES} to ${MAX_FRAME_BYTES} are allowed`;
  }
  if (have > 4 && bytes[at + 4] !== VERSION) return `a frame has version ${bytes[at + 4]}, not ${VERSION}`;
  const kind = bytes[at + 5] ?? 0;
  if (have > 5 && (kind < 1 || kind > KINDS.end)) return `a frame is of the unknown kind ${kind}`;
  return undefined;
}

/** A big-endian u32, read byte by byte: faster than a DataView that has to be made first. */
export function uint32At(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) * 0x1000000 +
      (((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number))) >>>
    0
  );
}
