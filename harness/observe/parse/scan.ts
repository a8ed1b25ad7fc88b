/** Reads decimal numbers straight from bytes, because the sampler parses thousands of lines a second. */
import type { Unreadable } from '../unreadable.ts';

export const SPACE = 0x20;
export const NEWLINE = 0x0a;
export const ZERO = 0x30;
const NINE = 0x39;

export function malformed(what: string): Unreadable {
  return { unreadable: 'malformed', what };
}

/** A cursor over blank-separated unsigned numbers. */
export class NumberScanner {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, from: number) {
    this.#bytes = bytes;
    this.#at = from;
  }

  /**
   * The next unsigned number, rounded to a double above 2^53. NaN if there is none or no blank follows: a number at the
   * end of the bytes may have been cut.
   */
  next(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    while (bytes[at] === SPACE) at += 1;
    const first = at;
    let value = 0;
    for (let byte = bytes[at]; byte !== undefined && byte >= ZERO && byte <= NINE; byte = bytes[at]) {
      value = value * 10 + (byte - ZERO);
      at += 1;
    }
    const end = bytes[at];
    if (at === first || (end !== SPACE && end !== NEWLINE)) return Number.NaN;
    this.#at = at;
    return value;
  }

  /** Skips `count` fields of any content. */
  skip(count: number): void {
    for (let field = 0; field < count; field++) {
      while (this.#bytes[this.#at] === SPACE) this.#at += 1;
      for (let byte = this.#bytes[this.#at]; byte !== undefined; byte = this.#bytes[this.#at]) {
        if (byte === SPACE || byte === NEWLINE) break;
        this.#at += 1;
      }
    }
  }
}

/** Parses a string of decimal digits; NaN for anything else. */
export function wholeNumber(text: string | undefined): number {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
