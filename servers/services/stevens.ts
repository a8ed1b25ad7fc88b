/**
 * stevens: reads `"N\n"` (decimal, 1 to 1,048,576) and answers N bytes, as often as it is asked. This is what client
 * and servers of W. R. Stevens' comparison speak ("UNIX Network Programming", volume 1, chapter 30).
 */
import type { Decoder } from './api/connection.ts';
import type { ServiceModule } from './api/service.ts';

const MAX_BYTES = 1_048_576;
/** "1048576" */
const MAX_DIGITS = 7;
const NEWLINE = 10;

// All answers are views on the same memory, which nobody writes to.
const ANSWER = Buffer.alloc(MAX_BYTES, 'x');

export const service: ServiceModule = {
  parameters: {},
  create: () => {
    const counters = { requests: 0, bytes: 0 };
    return {
      counters,
      serve: (connection) =>
        connection.receive(new CountDecoder(), (count) => {
          counters.requests += 1;
          counters.bytes += count;
          connection.send(ANSWER.subarray(0, count));
        }),
    };
  },
};

/** Reads lines that are a number of bytes each. */
export class CountDecoder implements Decoder<number> {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
  }

  /** @throws {RangeError} on a line that is not a number from 1 to 1,048,576 */
  next(): number | undefined {
    const end = this.#rest.subarray(0, MAX_DIGITS + 1).indexOf(NEWLINE);
    const digits = this.#rest.toString(
      'latin1',
      0,
      end < 0 ? Math.min(this.#rest.length, MAX_DIGITS + 1) : end,
    );
    if (end < 0 && /^\d{0,7}$/.test(digits)) return undefined;
    const count = /^\d{1,7}$/.test(digits) ? Number(digits) : 0;
    if (count < 1 || count > MAX_BYTES) {
      throw new RangeError(`a line must be a number from 1 to ${MAX_BYTES}`);
    }
    this.#rest = this.#rest.subarray(end + 1);
    return count;
  }

  get pendingBytes(): number {
    return this.#rest.length;
  }
}
