/** The chunks of an answer that does not come at once. */

/** An answer may grow to this; beyond it the server is taken to be broken. */
const HIGHEST_ANSWER_BYTES = 64 << 20;

export class ChunkBuffer {
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  /** Adds a copy of a chunk. False: the answer is longer than 64 MiB. */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes += end - start;
    if (this.#bytes > HIGHEST_ANSWER_BYTES) return false;
    this.#chunks.push(bytes.slice(start, end));
    return true;
  }

  /** Never a Buffer, whose `slice` shares its memory. */
  whole(): Uint8Array {
    const whole = new Uint8Array(this.#bytes);
    let at = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }
}
