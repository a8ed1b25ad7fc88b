/**
 * The current connections, which come and go by the thousand.
 *
 * Not a Set: a Set reallocates its table after every few additions and removals, and each old table points to the
 * next. Once V8 promotes one to the old generation, it keeps all later tables and their dead connections alive until
 * the next full collection; copying them was much of ts-loop's cost per connection. An array with reused places
 * leaves no garbage.
 */
export class ConnectionTable<T extends object> {
  readonly #places: (T | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#places.length - this.#free.length;
  }

  /** @returns the place, which `remove` frees */
  add(member: T): number {
    const place = this.#free.pop() ?? this.#places.length;
    this.#places[place] = member;
    return place;
  }

  /** The member in a place, if any. */
  at(place: number): T | undefined {
    return this.#places[place];
  }

  /** Frees a place; a free place stays free. */
  remove(place: number): void {
    if (this.#places[place] === undefined) return;
    this.#places[place] = undefined;
    this.#free.push(place);
  }

  /** Removes all members. @returns them */
  clear(): readonly T[] {
    const members = [...this];
    this.#places.length = 0;
    this.#free.length = 0;
    return members;
  }

  /** Each member once, including those added during the iteration. */
  *[Symbol.iterator](): Generator<T> {
    for (const member of this.#places) if (member !== undefined) yield member;
  }
}
