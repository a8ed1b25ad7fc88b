/** One exchange as a promise. */
import type { Asker } from '../connection/exchange-handler.ts';

export class ExchangeOnce implements Asker {
  readonly openLoop = false;
  readonly answer: Promise<Uint8Array>;
  readonly #settle: PromiseWithResolvers<Uint8Array>;
  #copy: Uint8Array | undefined;
  readonly #rest: () => void;

  /** @param rest called when the exchange is over, before its promise settles */
  constructor(rest: () => void) {
    this.#settle = Promise.withResolvers();
    this.answer = this.#settle.promise;
    this.#rest = rest;
  }

  take(bytes: Uint8Array, start: number, end: number): boolean {
    this.#copy = bytes.slice(start, end);
    return true;
  }

  answered(): void {
    this.#rest();
    this.#settle.resolve(this.#copy as Uint8Array);
  }

  failed(why: Error): void {
    this.#rest();
    // The scenario may have stopped waiting; the error has been counted all the same.
    this.answer.catch(() => undefined);
    this.#settle.reject(why);
  }

  resumed(): void {
    // A single exchange never pauses.
  }
}
