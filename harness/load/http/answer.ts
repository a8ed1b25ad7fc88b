/** Whether the answer to an HTTP request is what was asked for. */
import type { ErrorKind } from '../../results/schema/load.ts';
import { ExchangeError } from '../../scenario/client.ts';
import type { AnswerHead } from './autocannon.ts';

/** The classes of status codes that are no answer to what was asked (RFC 9110, section 15). */
const CLASSES: Readonly<Record<number, ErrorKind>> = { 3: '3xx', 4: '4xx', 5: '5xx' };

/** An answer that only announces another one, which follows; 101 is the last of its protocol (RFC 9110, 15.2). */
export function isInformational({ statusCode }: AnswerHead): boolean {
  return statusCode >= 100 && statusCode < 200 && statusCode !== 101;
}

/**
 * What is wrong with an answer; undefined where nothing is.
 *
 * @param expected the body that has to come back; undefined where any may
 */
export function faultOf(
  { statusCode, statusMessage }: AnswerHead,
  body: string,
  expected: string | undefined,
): ExchangeError | undefined {
  if (statusCode < 200 || statusCode > 299) {
    const kind = CLASSES[Math.floor(statusCode / 100)] ?? 'answer';
    return new ExchangeError(kind, `${statusCode} ${statusMessage}`.trimEnd());
  }
  if (expected === undefined || body === expected) return undefined;
  return new ExchangeError(
    'mismatch',
    body.length === expected.length
      ? `${statusCode}, but other bytes came back than were sent`
      : `${statusCode}, but ${body.length} bytes came back where ${expected.length} were sent`,
  );
}
