/** One end of the bus between a worker and the hub: records in both directions, and flow control. */
import { encodeFrame, FrameDecoder } from '../../wire/frame.ts';
import type { Frame } from '../../wire/frame.ts';
import { KINDS } from '../../wire/methods.ts';

/**
 * Records are frames as on the wire (docs/servers/wire.md). The method is the record's type, the body a name or a
 * message, and the call id identifies a claim or counts bytes.
 */
export const RECORDS = {
  /** Worker to hub: requests a name; answered with the same call id by `granted` or `denied`. */
  claim: 1,
  granted: 2,
  denied: 3,
  /** Hub to all other workers: the name is now held. */
  claimed: 4,
  /** Worker to hub, and hub to all other workers: the name is free again. */
  release: 5,
  /** Worker to hub, which forwards it unchanged to all other workers. */
  publish: 6,
  /** Both directions: this many bytes (the call id) were processed. */
  acknowledge: 7,
} as const;

const NOTHING = new Uint8Array();

export function record(what: keyof typeof RECORDS, number: number, body: Uint8Array = NOTHING): Buffer {
  return encodeFrame(KINDS.event, RECORDS[what], number, body);
}

/** Sends bytes to the other end in order. Ownership of the bytes passes on. */
export type WriteBytes = (bytes: Uint8Array<ArrayBuffer>) => void;

/** Bytes processed before they are acknowledged together, so that a small message needs no reply. */
const ACKNOWLEDGE_BYTES = 64 * 1024;

/** An end with more unacknowledged bytes than this is far behind. */
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

  /** The other end has much left to process. */
  get farBehind(): boolean {
    return this.#underWayBytes > FAR_BEHIND_BYTES;
  }

  /** Sends a record together with all others of this turn of the event loop. */
  send(frame: Uint8Array): void {
    this.#underWayBytes += frame.length;
    this.#enqueue(frame);
  }

  /** Passes each received record to `handle`. Returns whether an acknowledgement is due. */
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

  /** Acknowledges the bytes that were processed. */
  acknowledge(): void {
    this.#enqueue(record('acknowledge', this.#workedOnBytes));
    this.#workedOnBytes = 0;
  }

  /** Sends the records of this turn. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    // A separate buffer, so that it can be transferred to another thread.
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
