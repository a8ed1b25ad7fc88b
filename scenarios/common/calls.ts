/** Calls of our own servers, as frames of docs/servers/wire.md. */
import { type Connection, ExchangeError, type ExchangeOptions } from '../../harness/scenario/client.ts';
import { decodeReply, encodeRequest } from '../../servers/wire/body.ts';
import { BODY_OFFSET } from '../../servers/wire/frame.ts';
import {
  ERROR_CODES,
  type ErrorName,
  type MethodName,
  type ReplyOf,
  type RequestOf,
} from '../../servers/wire/methods.ts';

/** The connection writes the id of each call as it is sent. */
const CALL_ID = 0;

/** A request frame. */
export function requestOf<M extends MethodName>(method: M, fields: RequestOf<M>): Buffer {
  return encodeRequest(method, CALL_ID, fields);
}

/**
 * Calls a method and returns the fields of its reply.
 *
 * @param isRight what else a right answer has to be; another is a mismatch, as is one that does not parse
 * @throws ExchangeError as `Connection.exchange`
 */
export async function call<M extends MethodName>(
  connection: Connection,
  method: M,
  fields: RequestOf<M>,
  options: ExchangeOptions = {},
  isRight: (reply: ReplyOf<M>) => boolean = () => true,
): Promise<ReplyOf<M>> {
  const read = (frame: Uint8Array): ReplyOf<M> | undefined => {
    const reply = replyOf(method, frame);
    return isRight(reply) ? reply : undefined;
  };
  return await exchangeFor(connection, requestOf(method, fields), read, options);
}

/** Exchanges, and returns what `read` makes of the answer; one that it makes nothing of is a mismatch. */
export async function exchangeFor<T>(
  connection: Connection,
  request: Uint8Array,
  read: (answer: Uint8Array) => T | undefined,
  options: ExchangeOptions = {},
): Promise<T> {
  let made: T | undefined;
  const onReply = (answer: Uint8Array): boolean => (made = read(answer)) !== undefined;
  await connection.exchange(request, { ...options, onReply });
  return made as T;
}

/** The fields of a reply frame. @throws FrameError where it is not of that method */
export function replyOf<M extends MethodName>(method: M, frame: Uint8Array): ReplyOf<M> {
  const { buffer, byteOffset, length } = frame;
  return decodeReply(method, Buffer.from(buffer, byteOffset + BODY_OFFSET, length - BODY_OFFSET));
}

/** For a call to which the error `name` is the right answer: it is completed by it. */
export function accepting(name: ErrorName): ExchangeOptions {
  return { accepts: ERROR_CODES[name] };
}

/** What `work` gives; undefined where the server answers it with the error `name`. */
export async function unless<T>(name: ErrorName, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ExchangeError && error.code === ERROR_CODES[name]) return undefined;
    throw error;
  }
}
