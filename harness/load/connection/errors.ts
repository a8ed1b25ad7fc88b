/** Which kind of error an error of the operating system is. */
import { ExchangeError, type ErrorKind } from '../../scenario/client.ts';
import { messageOf } from '../../errors.ts';

const KIND_OF_CODE: Readonly<Record<string, ErrorKind>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'deadline',
  EADDRNOTAVAIL: 'ports',
  EMFILE: 'descriptors',
  ENFILE: 'descriptors',
};

/** The error as the scenario and the account see it. */
export function exchangeErrorOf(error: unknown): ExchangeError {
  if (error instanceof ExchangeError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new ExchangeError(KIND_OF_CODE[code] ?? 'system', messageOf(error), { cause: error });
}
