/** The error that an error frame carries. */
import { BODY_OFFSET } from '../../../servers/wire/frame.ts';
import { decodeError } from '../../../servers/wire/body.ts';
import { ERROR_CODES } from '../../../servers/wire/methods.ts';
import { messageOf } from '../../errors.ts';
import { ExchangeError } from '../../scenario/client.ts';

/** Of kind `busy`, `answer` for any other code, `protocol` where the body does not parse. */
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
