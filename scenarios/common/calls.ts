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

/** A connection carries one call at a time, so that all of them can have the same id. */
const CALL_ID = 1;

/** A request frame. */
export function requestOf<M extends MethodName>(method: M, fields: RequestOf<M>): Buffer {
  return encodeRequest(method, CALL_ID, fields);
}

/**
 * Calls a method and returns the fields of its reply.
 *
 * @throws ExchangeError as `Connection.exchange`; FrameError where the reply is not of that method
 */
export async function call<M extends MethodName>(
  connection: Connection,
  method: M,
  fields: RequestOf<M>,
  options?: ExchangeOptions,
): Promise<ReplyOf<M>> {
  return replyOf(method, await connection.exchange(requestOf(method, fields), options));
}

/** The fields of a reply frame. @throws FrameError where it is not of that method */
export function replyOf<M extends MethodName>(method: M, frame: Uint8Array): ReplyOf<M> {
  const { buffer, byteOffset, length } = frame;
  return decodeReply(method, Buffer.from(buffer, byteOffset + BODY_OFFSET, length - BODY_OFFSET));
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
