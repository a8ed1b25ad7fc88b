/** Answering calls of the wire protocol: frames in, typed requests to the service, typed replies and errors out. */
import { decodeRequest, encodeError, encodeReply } from '../../wire/body.ts';
import { FrameDecoder, FrameError } from '../../wire/frame.ts';
import type { Frame } from '../../wire/frame.ts';
import { KINDS, METHODS } from '../../wire/methods.ts';
import type { ErrorName, MethodName, ReplyOf, RequestOf } from '../../wire/methods.ts';
import { ConnectionGone } from './connection.ts';
import type { Connection, Ending } from './connection.ts';

/** One call of a client. */
export interface Call<M extends MethodName> {
  readonly id: number;
  readonly request: RequestOf<M>;
  reply(values: ReplyOf<M>): void;
  fail(error: ErrorName, message: string): void;
}

/** What a service does for one method. */
export interface Answer {
  readonly method: number;
  readonly to: (connection: Connection, frame: Frame) => void | Promise<void>;
}

/** Answers the calls of one method. */
export function on<M extends MethodName>(name: M, answer: (call: Call<M>) => void | Promise<void>): Answer {
  return {
    method: METHODS[name].id,
    to: (connection, frame) =>
      answer({
        id: frame.callId,
        request: decodeRequest(name, frame.body),
        reply: (values) => connection.send(encodeReply(name, frame.callId, values)),
        fail: (error, message) => connection.send(encodeError(frame.method, frame.callId, error, message)),
      }),
  };
}

/** Answers calls until the connection ends; a method that nobody answers is an `unknown-method`. */
export function answerCalls(connection: Connection, answers: readonly Answer[]): Promise<Ending> {
  return receiveRequests(connection, (frame) => {
    for (const answer of answers) {
      if (answer.method === frame.method) return answer.to(connection, frame);
    }
    return unknownMethod(connection, frame);
  });
}

export function unknownMethod(connection: Connection, frame: Frame): void {
  connection.send(encodeError(frame.method, frame.callId, 'unknown-method', 'no such method here'));
}

/**
 * The frame that tells a client to come back later. Its call id is 0, because it is about the connection: the server
 * has read nothing of it, and the client may not have called anything yet.
 *
 * @param method what a client of the service calls first
 */
export function busy(method: MethodName): Uint8Array {
  return encodeError(METHODS[method].id, 0, 'busy', 'no worker is free: come back later');
}

/**
 * Hands over request frames as they are. A frame that does not parse is answered with `bad-frame`, a failure of the
 * service with `internal`, and then the connection ends.
 */
export async function receiveRequests(
  connection: Connection,
  handle: (frame: Frame) => void | Promise<void>,
): Promise<Ending> {
  let current: Frame | undefined;
  try {
    return await connection.receive(new FrameDecoder(), (frame) => {
      current = frame;
      if (frame.kind !== KINDS.request) throw new FrameError('a server takes requests only');
      return handle(frame);
    });
  } catch (error) {
    if (error instanceof ConnectionGone) throw error;
    const bad = error instanceof FrameError;
    const message = bad ? error.message : 'the service failed';
    connection.send(
      encodeError(current?.method ?? 0, current?.callId ?? 0, bad ? 'bad-frame' : 'internal', message),
    );
    throw error;
  }
}
