/** A client of one framed service: calls and their answers, one call at a time, and the events that come between. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { decodeError, decodeReply, encodeRequest } from './body.ts';
import { FrameDecoder, FrameError } from './frame.ts';
import type { Frame } from './frame.ts';
import { ERROR_CODES, KINDS } from './methods.ts';
import type { ErrorName, MethodName, ReplyOf, RequestOf } from './methods.ts';

/** Where a server is reached. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A call that got no reply. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  readonly how: 'refused' | 'unreachable' | 'late' | 'broken';
  /** The server's own error where it refused; else `deadline` or `internal`. */
  readonly error: ErrorName;

  constructor(how: CallFailed['how'], error: ErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.how = how;
    this.error = error;
  }
}

/** How long an answer may take unless the caller says so, in ms: a person waits, and the server may have others before. */
const ANSWER_MS = 30_000;

/** A connection that is opened with the first call. After a failure other than the server's own it is of no use. */
export class FramedClient implements Disposable {
  /** Resolves when the connection has ended, whoever closed it. */
  readonly ended: Promise<void>;
  readonly #where: string;
  readonly #socket: Socket;
  readonly #onEvent: ((event: Frame) => void) | undefined;
  readonly #decoder = new FrameDecoder();
  readonly #chunks: Frame[] = [];
  #answer: PromiseWithResolvers<Frame> | undefined;
  #failure: CallFailed | undefined;
  #reached = false;
  #lastCall = 0;

  /** @param name what the server is called in messages */
  constructor(name: string, { host, port }: Address, onEvent?: (event: Frame) => void) {
    this.#where = `${name} (${host}:${port})`;
    this.#onEvent = onEvent;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#socket = connect({ host, port, noDelay: true });
    this.#socket.once('connect', () => (this.#reached = true));
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#socket.once('error', (error) => {
      if (this.#reached) this.#fail('broken', `broke the connection: ${error.message}`);
      else this.#fail('unreachable', `cannot be reached: ${error.message}`, { cause: error });
    });
    this.#socket.once('close', () => {
      this.#fail('broken', 'closed the connection');
      resolve();
    });
  }

  /** False once nothing more can be called. */
  get usable(): boolean {
    return this.#failure === undefined;
  }

  /** @throws {CallFailed} with the server's error, or `deadline` when no answer came within so many ms */
  async call<M extends MethodName>(
    method: M,
    request: RequestOf<M>,
    deadlineMs = ANSWER_MS,
  ): Promise<ReplyOf<M>> {
    const frame = await this.exchange(method, request, deadlineMs);
    return decodeReply(method, frame.body);
  }

  /** The frames of an answer in chunks, its end the last. @throws {CallFailed} as `call` does */
  async frames<M extends MethodName>(
    method: M,
    request: RequestOf<M>,
    deadlineMs = ANSWER_MS,
  ): Promise<readonly Frame[]> {
    const end = await this.exchange(method, request, deadlineMs);
    return [...this.#chunks.splice(0), end];
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  protected async exchange<M extends MethodName>(
    method: M,
    request: RequestOf<M>,
    deadlineMs: number,
  ): Promise<Frame> {
    if (this.#failure) throw this.#failure;
    this.#lastCall += 1;
    this.#answer = Promise.withResolvers();
    this.#socket.write(encodeRequest(method, this.#lastCall, request));
    const why = 'it has no free worker, or is itself waiting for this very call';
    const timer = setTimeout(
      () => this.#fail('late', `did not answer within ${deadlineMs} ms: ${why}`),
      deadlineMs,
    );
    try {
      return await this.#answer.promise;
    } finally {
      clearTimeout(timer);
      this.#answer = undefined;
    }
  }

  #receive(chunk: Buffer): void {
    this.#decoder.push(chunk);
    try {
      for (let frame = this.#decoder.next(); frame; frame = this.#decoder.next()) this.#take(frame);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#fail('broken', `speaks another protocol: ${error.message}`);
    }
  }

  #take(frame: Frame): void {
    switch (frame.kind) {
      case KINDS.event:
        this.#onEvent?.(frame);
        break;
      case KINDS.chunk:
        this.#chunks.push(frame);
        break;
      case KINDS.error: {
        const refusal = refusalIn(frame);
        // Without a call it speaks of the connection, which the server is about to close.
        if (this.#answer) this.#answer.reject(refusal);
        else this.#failure ??= refusal;
        break;
      }
      default:
        this.#answer?.resolve(frame);
    }
  }

  #fail(how: CallFailed['how'], what: string, options?: ErrorOptions): void {
    const error = how === 'late' ? 'deadline' : 'internal';
    this.#failure ??= new CallFailed(how, error, `${this.#where} ${what}`, options);
    this.#socket.destroy();
    this.#answer?.reject(this.#failure);
  }
}

function refusalIn(frame: Frame): CallFailed {
  const { code, message } = decodeError(frame.body);
  const names = Object.keys(ERROR_CODES) as ErrorName[];
  const error = names.find((name) => ERROR_CODES[name] === code) ?? 'internal';
  return new CallFailed('refused', error, message);
}
