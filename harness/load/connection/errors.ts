/** Errors of an exchange: from the operating system, and from the server's own error frames. */
import { decodeError } from '../../../servers/wire/body.ts';
import { BODY_OFFSET, FrameError } from '../../../servers/wire/frame.ts';
import { ERROR_CODES } from '../../../servers/wire/methods.ts';
import { messageOf } from '../../errors.ts';
import { ExchangeError } from '../../scenario/client.ts';
import type { ErrorKind } from '../../results/schema/load.ts';

const KIND_OF_CODE: Readonly<Record<string, ErrorKind>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'deadline',
  EADDRNOTAVAIL: 'ports',
  EMFILE: 'descriptors',
  ENFILE: 'descriptors',
};

/** An error of the operating system as the scenario and the counters see it. */
export function exchangeErrorOf(error: unknown): ExchangeError {
  if (error instanceof ExchangeError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new ExchangeError(KIND_OF_CODE[code] ?? 'system', messageOf(error), { cause: error });
}

/**
 * An answer that is not what had to come back, and why: what a scenario threw as it looked at it. A defect of the
 * scenario's own stays what it is.
 */
export function mismatch(why?: unknown): Error {
  if (why === undefined) return new ExchangeError('mismatch', 'the answer is not what had to come back');
  if (why instanceof ExchangeError) return why;
  if (!(why instanceof FrameError)) return why instanceof Error ? why : new Error(messageOf(why));
  return new ExchangeError('mismatch', `the answer does not parse: ${why.message}`, { cause: why });
}

/** Rejects a promise that the scenario may have stopped waiting for; the error has been counted all the same. */
export function rejectUnawaited<T>({ promise, reject }: PromiseWithResolvers<T>, why: Error): void {
  promise.catch(() => undefined);
  reject(why);
}

/**
 * The error that an error frame carries: of kind `busy`, `answer` for any other code, `protocol` where the body does
 * not parse.
 */
export function errorOfFrame(bytes: Uint8Array, start: number, end: number): ExchangeError {
  try {
    const body = Buffer.from(bytes.buffer, bytes.byteOffset + start + BODY_OFFSET, end - start - BODY_OFFSET);
    const { code, message } = decodeError(body);
    return code === ERROR_CODES.busy
      ? new ExchangeError('busy', `the server is busy: ${message}`, { code })
      : new ExchangeError('answer', `the server answered with error ${code}: ${message}`, { code });
  } catch (error) {
    return new ExchangeError('protocol', `an error frame does not parse: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
