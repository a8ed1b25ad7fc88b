/**
 * Frames: `u32 length | u8 version | u8 kind | u16 method | u32 call id | body`, big-endian (docs/servers/wire.md).
 *
 * On the hot path a frame costs one view at most: a chunk that is exactly one frame becomes that frame without a copy.
 */
import { GrowingBytes } from './growing-bytes.ts';
import { HEADER_BYTES, KINDS, LENGTH_BYTES, MAX_FRAME_BYTES, VERSION } from './methods.ts';

/** Bytes before the body. */
export const BODY_OFFSET = LENGTH_BYTES + HEADER_BYTES;

/** Where the kind stands, for a service that answers a frame in place. */
export const KIND_OFFSET = 5;

/** Bytes that are not this protocol; the connection they came over cannot be used any further. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** One whole frame; `bytes` and `body` are views on the received memory. */
export class Frame {
  /** The whole frame, length field included. */
  readonly bytes: Buffer;
  readonly kind: number;
  readonly method: number;
  readonly callId: number;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.kind = bytes[KIND_OFFSET] ?? 0;
    this.method = bytes.readUInt16BE(6);
    this.callId = bytes.readUInt32BE(8);
  }

  get body(): Buffer {
    return this.bytes.subarray(BODY_OFFSET);
  }
}

/**
 * A frame with its header written and its body still to be filled in (from `BODY_OFFSET` on).
 *
 * @throws {RangeError} when the body would not fit into a frame
 */
export function allocFrame(kind: number, method: number, callId: number, bodyBytes: number): Buffer {
  const length = HEADER_BYTES + bodyBytes;
  if (length > MAX_FRAME_BYTES) {
    throw new RangeError(`a body of ${bodyBytes} bytes does not fit into a frame of ${MAX_FRAME_BYTES}`);
  }
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES + length);
  bytes.writeUInt32BE(length, 0);
  bytes[4] = VERSION;
  bytes[KIND_OFFSET] = kind;
  bytes.writeUInt16BE(method, 6);
  bytes.writeUInt32BE(callId, 8);
  return bytes;
}

/** A frame around a body that is already marshalled. */
export function encodeFrame(kind: number, method: number, callId: number, body: Uint8Array): Buffer {
  const bytes = allocFrame(kind, method, callId, body.length);
  bytes.set(body, BODY_OFFSET);
  return bytes;
}

/**
 * Cuts a byte stream into frames, however it was split on the way.
 *
 * Memory is bounded by what has arrived: a length field is checked before anything is allocated for it, and the
 * buffer of an unfinished frame grows with the bytes received, not with the length that was claimed.
 */
export class FrameDecoder {
  readonly #received = new GrowingBytes();

  /** Adds received bytes, which must not be changed afterwards. Call `next` until it has nothing more. */
  push(chunk: Buffer): void {
    this.#received.push(chunk);
  }

  /**
   * The next whole frame, or undefined until more bytes come.
   *
   * @throws {FrameError} on a length, version or kind that the protocol does not have
   */
  next(): Frame | undefined {
    const received = this.#received;
    const available = received.length;
    if (available < LENGTH_BYTES) return undefined;
    const total = LENGTH_BYTES + checkedLength(received.buffer, received.start, available);
    if (available < total) return undefined;
    return new Frame(received.take(total));
  }

  /** Bytes of a frame that has not arrived whole. At the end of the stream anything above 0 is a truncated frame. */
  get pendingBytes(): number {
    return this.#received.length;
  }
}

// Judges a header as early as its bytes are there, so that a stranger's bytes are not waited upon.
function checkedLength(buffer: Buffer, start: number, available: number): number {
  const length = buffer.readUInt32BE(start);
  if (length < HEADER_BYTES || length > MAX_FRAME_BYTES) {
    throw new FrameError(`a length of ${length} is not between ${HEADER_BYTES} and ${MAX_FRAME_BYTES}`);
  }
  if (available <= KIND_OFFSET) return length;
  const version = buffer[start + 4];
  if (version !== VERSION) throw new FrameError(`version ${version} is not ${VERSION}`);
  const kind = buffer[start + KIND_OFFSET] ?? 0;
  if (kind < 1 || kind > KINDS.end) throw new FrameError(`kind ${kind} is not between 1 and ${KINDS.end}`);
  return length;
}
