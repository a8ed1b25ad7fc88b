/** A client that does exactly what a case tells it, well-behaved or not. */
import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { decodeChunk, decodeError, decodeReply, encodeRequest } from '../../../servers/wire/body.ts';
import { FrameDecoder } from '../../../servers/wire/frame.ts';
import type { Frame } from '../../../servers/wire/frame.ts';
import { KINDS } from '../../../servers/wire/methods.ts';
import type { ChunkedName, ChunkOf, MethodName, ReplyOf, RequestOf } from '../../../servers/wire/methods.ts';
import { within } from '../../waiting.ts';

/** How the server ended the connection. */
export type End = 'closed' | 'reset';

/** An error frame from the server. */
export class ServerSaid extends Error {
  override readonly name = 'ServerSaid';
  readonly code: number;
  readonly callId: number;

  constructor(code: number, callId: number, message: string) {
    super(message);
    this.code = code;
    this.callId = callId;
  }
}

/** The server ended the connection while an answer was waited for. */
export class ConnectionEnded extends Error {
  override readonly name = 'ConnectionEnded';
}

export class Client {
  readonly #socket: Socket;
  readonly #chunks: Buffer[] = [];
  readonly #decoder = new FrameDecoder();
  /** Events that came while an answer was waited for. */
  readonly events: Frame[] = [];
  readonly #end = Promise.withResolvers<End>();
  #arrived = Promise.withResolvers<void>();
  #callId = 0;
  #received = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#received += chunk.length;
      this.#arrived.resolve();
    });
    socket.once('end', () => this.#end.resolve('closed'));
    socket.once('error', () => this.#end.resolve('reset'));
    socket.once('close', () => this.#end.resolve('reset'));
  }

  static async connect(port: number): Promise<Client> {
    const socket = connectTcp({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const client = new Client(socket);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once('connect', resolve).once('error', reject);
    await within('the connection', promise);
    return client;
  }

  /** The client's own port. */
  get port(): number {
    return this.#socket.localPort ?? 0;
  }

  send(bytes: Uint8Array | string): void {
    this.#socket.write(bytes);
  }

  /** From now on it never reads. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** Exactly so many bytes. */
  async read(count: number): Promise<Buffer> {
    while (this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0) < count) await this.#more();
    const all = Buffer.concat(this.#chunks);
    this.#chunks.splice(0, this.#chunks.length, all.subarray(count));
    return all.subarray(0, count);
  }

  async frame(): Promise<Frame> {
    for (;;) {
      const frame = this.#decoder.next();
      if (frame) return frame;
      while (this.#chunks.length === 0) await this.#more();
      for (const chunk of this.#chunks.splice(0)) if (chunk.length > 0) this.#decoder.push(chunk);
    }
  }

  /** One HTTP response with a content-length. */
  async httpReply(): Promise<{ readonly status: number; readonly head: string; readonly body: string }> {
    let head = '';
    while (!head.endsWith('\r\n\r\n')) head += (await this.read(1)).toString('latin1');
    const length = Number(/^content-length: (\d+)\r$/m.exec(head)?.[1]);
    const body = (await this.read(length)).toString();
    return { status: Number(head.split(' ', 2)[1]), head, body };
  }

  /** @throws {ServerSaid} when the answer is an error frame */
  async call<M extends MethodName>(method: M, request: RequestOf<M>): Promise<ReplyOf<M>> {
    this.#callId += 1;
    this.send(encodeRequest(method, this.#callId, request));
    const frame = await this.#answer();
    return decodeReply(method, frame.body);
  }

  /** Calls a method that is answered in chunks. @throws {ServerSaid} when the answer is an error frame */
  async chunks<M extends ChunkedName>(
    method: M,
    request: RequestOf<M>,
  ): Promise<{ chunks: ChunkOf<M>[]; end: ReplyOf<M> }> {
    this.#callId += 1;
    this.send(encodeRequest(method, this.#callId, request));
    const chunks: ChunkOf<M>[] = [];
    for (;;) {
      const frame = await this.#answer();
      if (frame.kind === KINDS.end) return { chunks, end: decodeReply(method, frame.body) };
      chunks.push(decodeChunk(method, frame.body));
    }
  }

  /** No more will be sent; answers are still read. */
  halfClose(): void {
    this.#socket.end();
  }

  /** Ends the connection with a reset instead of a regular close. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** Closes regularly and waits for the server to do so too. */
  async close(): Promise<End> {
    this.halfClose();
    return this.ended();
  }

  /** How the server ended it; waits for that. */
  async ended(): Promise<End> {
    this.#socket.resume();
    const end = await within('the server to end the connection', this.#end.promise);
    this.#socket.end();
    return end;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  // Events may come at any time; they answer nothing.
  async #answer(): Promise<Frame> {
    for (;;) {
      const frame = await this.frame();
      if (frame.kind === KINDS.error) {
        const { code, message } = decodeError(frame.body);
        throw new ServerSaid(code, frame.callId, message);
      }
      if (frame.kind !== KINDS.event) return frame;
      this.events.push(frame);
    }
  }

  async #more(): Promise<void> {
    const before = this.#received;
    // What came while nobody waited has been taken: only what comes from now on counts.
    this.#arrived = Promise.withResolvers();
    await within('the server to answer', Promise.race([this.#arrived.promise, this.#end.promise]));
    if (this.#received === before)
      throw new ConnectionEnded(`the server ended the connection (${await this.#end.promise})`);
  }
}
