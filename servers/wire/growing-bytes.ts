const EMPTY = Buffer.alloc(0);

/**
 * Received bytes that are not taken yet, from `start` to `end` of `buffer`. A chunk that comes when nothing is left is
 * used as it is; else the buffer doubles, which keeps a message that comes byte by byte linear, and the memory at
 * twice of what arrived.
 */
export class GrowingBytes {
  #buffer: Buffer = EMPTY;
  #start = 0;
  #end = 0;
  // The buffer is our own, so bytes may be appended behind #end. What was taken are views in front of #start.
  #owned = false;

  get buffer(): Buffer {
    return this.#buffer;
  }

  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** Adds bytes, which must not be changed afterwards. */
  push(chunk: Buffer): void {
    if (this.#start === this.#end) {
      this.#buffer = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      this.#owned = false;
      return;
    }
    if (!this.#owned || this.#buffer.length - this.#end < chunk.length) this.#grow(chunk.length);
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Takes so many bytes from the front: a view, or the chunk itself where it was exactly that. */
  take(count: number): Buffer {
    const buffer = this.#buffer;
    const start = this.#start;
    this.#start = start + count;
    if (this.#start === this.#end) {
      this.#buffer = EMPTY;
      this.#start = 0;
      this.#end = 0;
    }
    return count === buffer.length ? buffer : buffer.subarray(start, start + count);
  }

  #grow(extra: number): void {
    const kept = this.#end - this.#start;
    const grown = Buffer.allocUnsafeSlow(Math.max(64, 2 * (kept + extra)));
    this.#buffer.copy(grown, 0, this.#start, this.#end);
    this.#buffer = grown;
    this.#start = 0;
    this.#end = kept;
    this.#owned = true;
  }
}
