/** Calling another server: what a service needs that is itself a client of others. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { messageOf } from '../../errors.ts';
import { decodeError, decodeReply, encodeRequest } from '../../wire/body.ts';
import { FrameDecoder } from '../../wire/frame.ts';
import type { Frame } from '../../wire/frame.ts';
import { ERROR_CODES, KINDS } from '../../wire/methods.ts';
import type { ErrorName, MethodName, ReplyOf, RequestOf } from '../../wire/methods.ts';

const WHY_SILENT = 'it has no free worker, or is itself waiting for this very call';

/** Where a server is reached. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A call that got no reply: the other server said why, or it is the caller that does. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  readonly error: ErrorName;

  constructor(error: ErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.error = error;
  }
}

/** A connection to another server, opened with the first call. One call at a time; after a failure it is of no use. */
export class RpcClient implements Disposable {
  readonly #where: string;
  readonly #socket: Socket;
  readonly #decoder = new FrameDecoder();
  #answer: PromiseWithResolvers<Frame> | undefined;
  #broken: CallFailed | undefined;
  #lastCall = 0;

  /** @param name what the other server is called, for messages */
  constructor(name: string, { host, port }: Address) {
    this.#where = `${name} (${host}:${port})`;
    this.#socket = connect({ host, port, noDelay: true });
    this.#socket.on('data', (chunk: Buffer) => this.#received(chunk));
    this.#socket.once('error', (error) => this.#break('internal', `cannot be reached: ${error.message}`));
    this.#socket.once('close', () => this.#break('internal', 'closed the connection'));
  }

  /** False once nothing more can be called. */
  get usable(): boolean {
    return this.#broken === undefined;
  }

  /** @throws {CallFailed} with the other server's error, or `deadline` when no answer came within so many ms */
  async call<M extends MethodName>(
    method: M,
    request: RequestOf<M>,
    deadlineMs: number,
  ): Promise<ReplyOf<M>> {
    if (this.#broken) throw this.#broken;
    this.#lastCall += 1;
    this.#answer = Promise.withResolvers();
    this.#socket.write(encodeRequest(method, this.#lastCall, request));
    const timer = setTimeout(
      () => this.#break('deadline', `did not answer within ${deadlineMs} ms: ${WHY_SILENT}`),
      deadlineMs,
    );
    try {
      const frame = await this.#answer.promise;
      if (frame.kind === KINDS.error) throw failureIn(frame);
      return decodeReply(method, frame.body);
    } finally {
      clearTimeout(timer);
      this.#answer = undefined;
    }
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #received(chunk: Buffer): void {
    this.#decoder.push(chunk);
    try {
      for (let frame = this.#decoder.next(); frame; frame = this.#decoder.next()) {
        this.#answer?.resolve(frame);
      }
    } catch (error) {
      this.#break('internal', `speaks another protocol: ${messageOf(error)}`);
    }
  }

  #break(error: ErrorName, what: string): void {
    this.#broken ??= new CallFailed(error, `${this.#where} ${what}`);
    this.#socket.destroy();
    this.#answer?.reject(this.#broken);
  }
}

function failureIn(frame: Frame): CallFailed {
  const { code, message } = decodeError(frame.body);
  const names = Object.keys(ERROR_CODES) as ErrorName[];
  return new CallFailed(names.find((name) => ERROR_CODES[name] === code) ?? 'internal', message);
}
