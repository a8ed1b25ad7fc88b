/** What a connection's bytes mean: which of them answer the request under way, and which come unasked. */
import { KIND_OFFSET } from '../../../servers/wire/frame.ts';
import { KINDS } from '../../../servers/wire/methods.ts';
import { ExchangeError } from '../../scenario/client.ts';
import { unguessable } from './echo.ts';
import { errorOfFrame } from './errors.ts';
import { FrameCutter, uint32At } from './frame-cutter.ts';

/** An answer may grow to this; beyond it the server is taken to be broken. */
const HIGHEST_ANSWER_BYTES = 64 << 20;

/** What a reader tells its connection. Bytes are valid only during the call. */
export interface ReaderSink {
  /** The whole answer to the request under way. */
  onAnswer(bytes: Uint8Array, start: number, end: number): void;
  /** The server answered with an error. */
  onRefusal(error: ExchangeError): void;
  /** A message that answers nothing. */
  onLoose(bytes: Uint8Array, start: number, end: number): void;
  /** The peer broke the protocol. */
  fail(error: ExchangeError): void;
  /** False once nothing more should be read. */
  readonly open: boolean;
}

export interface Reader {
  /**
   * A request goes out: its answer comes next. Frames get their call id here, which no server can guess: an answer sent
   * before its request, or to another client, is told by it. `wantedBytes` is the length of the answer in raw framing.
   */
  expect(request: Uint8Array, wantedBytes: number): void;
  /** Takes `bytes[start, end)`. */
  push(bytes: Uint8Array, start: number, end: number): void;
  /** True where a part of a message or answer has come. */
  readonly partial: boolean;
}

/** Frames of docs/servers/wire.md: an answer has its request's call id and method. */
export class FrameReader extends FrameCutter implements Reader {
  readonly #sink: ReaderSink;
  #expecting = false;
  #callId = 0;
  #method = 0;
  #chunks: ChunkBuffer | undefined;

  constructor(sink: ReaderSink) {
    super();
    this.#sink = sink;
  }

  get partial(): boolean {
    return this.midFrame || this.#chunks !== undefined;
  }

  expect(request: Uint8Array): void {
    this.#expecting = true;
    const callId = unguessable();
    this.#callId = callId;
    this.#method = methodAt(request, 0);
    request[8] = callId >>> 24;
    request[9] = callId >>> 16;
    request[10] = callId >>> 8;
    request[11] = callId;
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    const problem = this.cut(bytes, start, end);
    if (problem) this.#sink.fail(new ExchangeError('protocol', problem));
  }

  protected override onFrame(bytes: Uint8Array, start: number, end: number): boolean {
    const kind = bytes[start + KIND_OFFSET];
    const callId = uint32At(bytes, start + 8);
    if (kind === KINDS.event) {
      this.#sink.onLoose(bytes, start, end);
    } else if (kind === KINDS.error && (callId === 0 || this.#answers(callId))) {
      // A server that turns a client away may say so before it was asked anything: call id 0.
      this.#settle();
      this.#sink.onRefusal(errorOfFrame(bytes, start, end));
    } else if (!this.#answers(callId) || kind === KINDS.request) {
      const message = `a frame of kind ${kind} for call ${callId}, which is not open`;
      this.#sink.fail(new ExchangeError('protocol', message));
    } else if (methodAt(bytes, start) !== this.#method) {
      const message = `the answer is of method ${methodAt(bytes, start)}, its request of ${this.#method}`;
      this.#settle();
      this.#sink.onRefusal(new ExchangeError('mismatch', message));
    } else if (kind === KINDS.chunk || this.#chunks) {
      this.#addChunk(bytes, start, end, kind !== KINDS.chunk);
    } else {
      this.#expecting = false;
      this.#sink.onAnswer(bytes, start, end);
    }
    return this.#sink.open;
  }

  #answers(callId: number): boolean {
    return this.#expecting && callId === this.#callId;
  }

  #settle(): void {
    this.#expecting = false;
    this.#chunks = undefined;
  }

  #addChunk(bytes: Uint8Array, start: number, end: number, last: boolean): void {
    const chunks = (this.#chunks ??= new ChunkBuffer());
    if (!chunks.add(bytes, start, end)) {
      this.#sink.fail(new ExchangeError('protocol', 'an answer in chunks grew beyond 64 MiB'));
    } else if (last) {
      this.#settle();
      const whole = chunks.whole();
      this.#sink.onAnswer(whole, 0, whole.length);
    }
  }
}

/** The method of the frame that begins at `at`. */
function methodAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 6] as number) << 8) | (bytes[at + 7] as number);
}

/** No frames: an answer is so many bytes. */
export class RawReader implements Reader {
  readonly #sink: ReaderSink;
  #lacking = 0;
  #chunks: ChunkBuffer | undefined;

  constructor(sink: ReaderSink) {
    this.#sink = sink;
  }

  get partial(): boolean {
    return this.#chunks !== undefined;
  }

  expect(_request: Uint8Array, wantedBytes: number): void {
    this.#lacking = wantedBytes;
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const lacking = this.#lacking;
    if (lacking === 0) {
      this.#sink.onLoose(bytes, start, end);
    } else if (length > lacking) {
      const message = `the answer is ${length - lacking} bytes longer than asked for`;
      this.#sink.fail(new ExchangeError('protocol', message));
    } else if (length < lacking) {
      this.#lacking -= length;
      (this.#chunks ??= new ChunkBuffer()).add(bytes, start, end);
    } else {
      this.#finish(bytes, start, end);
    }
  }

  #finish(bytes: Uint8Array, start: number, end: number): void {
    this.#lacking = 0;
    const chunks = this.#chunks;
    if (!chunks) {
      this.#sink.onAnswer(bytes, start, end);
      return;
    }
    this.#chunks = undefined;
    chunks.add(bytes, start, end);
    const whole = chunks.whole();
    this.#sink.onAnswer(whole, 0, whole.length);
  }
}

/** The chunks of an answer that does not come at once. */
class ChunkBuffer {
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  /** Adds a copy of a chunk. False: the answer is longer than 64 MiB. */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes += end - start;
    if (this.#bytes > HIGHEST_ANSWER_BYTES) return false;
    this.#chunks.push(bytes.slice(start, end));
    return true;
  }

  /** Never a Buffer, whose `slice` shares its memory. */
  whole(): Uint8Array {
    const { buffer, byteOffset, length } = Buffer.concat(this.#chunks, this.#bytes);
    return new Uint8Array(buffer, byteOffset, length);
  }
}
