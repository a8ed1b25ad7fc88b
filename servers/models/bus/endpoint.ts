/** One end of the bus between a worker and the hub: records both ways, and how far the other end is behind. */
import { encodeFrame, FrameDecoder } from '../../wire/frame.ts';
import type { Frame } from '../../wire/frame.ts';
import { KINDS } from '../../wire/methods.ts';

/**
 * What travels: frames as on the wire (docs/servers/wire.md), with a meaning of their own. The method says what it is,
 * the body is a name or a message, and the call id belongs to a claim or counts bytes.
 */
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

/** Sends bytes to the other end, in order. The bytes are given away. */
export type WriteBytes = (bytes: Uint8Array<ArrayBuffer>) => void;

/** Work is acknowledged in portions of so many bytes, so that a small message costs no answer. */
const ACKNOWLEDGE_BYTES = 64 * 1024;

/** An end with more than this on the way, not acknowledged, is far behind. */
const FAR_BEHIND_BYTES = 1024 * 1024;

export class Endpoint {
  readonly #write: WriteBytes;
  readonly #decoder = new FrameDecoder();
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #underWayBytes = 0;
  #workedOnBytes = 0;

  constructor(write: WriteBytes) {
    this.#write = write;
  }

  /** The other end has much that it has not worked on. */
  get farBehind(): boolean {
    return this.#underWayBytes > FAR_BEHIND_BYTES;
  }

  /** Sends a record, together with all others of this turn of the event loop. */
  send(frame: Uint8Array): void {
    this.#underWayBytes += frame.length;
    this.#enqueue(frame);
  }

  /** Hands every record of received bytes to `handle`; returns whether enough of them were worked on to say so. */
  receive(bytes: Buffer, handle: (frame: Frame) => void): boolean {
    this.#decoder.push(bytes);
    for (let frame = this.#decoder.next(); frame; frame = this.#decoder.next()) {
      if (frame.method === RECORDS.acknowledge) {
        this.#underWayBytes -= frame.callId;
      } else {
        handle(frame);
        this.#workedOnBytes += frame.bytes.length;
      }
    }
    return this.#workedOnBytes >= ACKNOWLEDGE_BYTES;
  }

  /** Tells the other end what was worked on. */
  acknowledge(): void {
    this.#enqueue(record('acknowledge', this.#workedOnBytes));
    this.#workedOnBytes = 0;
  }

  /** Sends what waits for the end of the turn. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    // Memory of its own, so that it can be moved to another thread.
    const bytes = new Uint8Array(this.#waitingBytes);
    let offset = 0;
    for (const frame of this.#waiting) {
      bytes.set(frame, offset);
      offset += frame.length;
    }
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#write(bytes);
  }

  #enqueue(frame: Uint8Array): void {
    if (this.#waiting.length === 0) setImmediate(() => this.flush());
    this.#waiting.push(frame);
    this.#waitingBytes += frame.length;
  }
}
