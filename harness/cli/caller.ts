/** A connection for commands that use a service by hand: calls and their answers, and events as they come. */
import { connect, type Socket } from 'node:net';
import { decodeError, decodeReply, encodeRequest } from '../../servers/wire/body.ts';
import { type Frame, FrameDecoder, FrameError } from '../../servers/wire/frame.ts';
import {
  ERROR_CODES,
  KINDS,
  type MethodName,
  type ReplyOf,
  type RequestOf,
} from '../../servers/wire/methods.ts';
import { HoldfastError, EXIT, messageOf, UnfitError, UsageError } from '../errors.ts';

/** How long an answer may take, in ms: a person waits, and the server may have others before. */
const ANSWER_MS = 30_000;

interface Waiting {
  readonly frames: Frame[];
  resolve(frames: readonly Frame[]): void;
  reject(error: Error): void;
}

export class Caller implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #onEvent: (event: Frame) => void;
  readonly #decoder = new FrameDecoder();
  readonly #ended = Promise.withResolvers<void>();
  #waiting: Waiting | undefined;
  #end: HoldfastError | undefined;

  private constructor(socket: Socket, onEvent: (event: Frame) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', (error) => this.#finish(`the connection broke: ${error.message}`));
    socket.on('close', () => this.#finish('the server closed the connection'));
  }

  /** @throws UnfitError when nobody can be reached there */
  static async connect(
    host: string,
    port: number,
    onEvent: (event: Frame) => void = () => undefined,
  ): Promise<Caller> {
    const socket = connect({ host, port, noDelay: true });
    try {
      await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    } catch (error) {
      const how = 'start one with "holdfast serve"';
      throw new UnfitError(`Cannot reach a server on ${host}:${port}: ${messageOf(error)}; ${how}.`, {
        cause: error,
      });
    }
    return new Caller(socket, onEvent);
  }

  /** Resolves when the server has closed the connection, or it broke. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** @throws HoldfastError with the server's own words when it answers with an error, or the connection ends */
  async call<M extends MethodName>(method: M, request: RequestOf<M>): Promise<ReplyOf<M>> {
    const [frame] = await this.frames(method, request);
    return decodeReply(method, (frame as Frame).body);
  }

  /** The frames of an answer in chunks. One call at a time. @throws HoldfastError as `call` does */
  async frames<M extends MethodName>(method: M, request: RequestOf<M>): Promise<readonly Frame[]> {
    if (this.#end) throw this.#end;
    const { promise, resolve, reject } = Promise.withResolvers<readonly Frame[]>();
    this.#waiting = { frames: [], resolve, reject };
    this.#socket.write(encodeRequest(method, 1, request));
    const late = setTimeout(() => this.#finish('the server did not answer'), ANSWER_MS);
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      this.#waiting = undefined;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
    await this.#ended.promise;
  }

  #read(bytes: Buffer): void {
    try {
      this.#decoder.push(bytes);
      for (let frame = this.#decoder.next(); frame; frame = this.#decoder.next()) this.#take(frame);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#finish(`this is no server of ours: ${error.message}`);
    }
  }

  #take(frame: Frame): void {
    if (frame.kind === KINDS.event) {
      this.#onEvent(frame);
    } else if (frame.kind === KINDS.error) {
      const error = refusal(decodeError(frame.body));
      if (this.#waiting) this.#waiting.reject(error);
      else this.#end ??= error;
    } else {
      this.#waiting?.frames.push(frame);
      if (frame.kind !== KINDS.chunk) this.#waiting?.resolve(this.#waiting.frames);
    }
  }

  #finish(why: string): void {
    this.#end ??= new HoldfastError(`The call failed: ${why}.`, EXIT.failed);
    this.#waiting?.reject(this.#end);
    this.#socket.destroy();
    this.#ended.resolve();
  }
}

function refusal({ code, message }: { code: number; message: string }): HoldfastError {
  const name = Object.entries(ERROR_CODES).find(([, each]) => each === code)?.[0] ?? `code ${code}`;
  const text = `The server refused (${name}): ${printable(message)}.`;
  return name === 'bad-argument' || name === 'taken'
    ? new UsageError(text)
    : new HoldfastError(text, EXIT.failed);
}

/** Text from strangers as it may stand on a terminal: control characters, which could drive it, become dots. */
export function printable(text: string): string {
  return text.replaceAll(/\p{C}|\p{Zl}|\p{Zp}/gu, '·');
}
