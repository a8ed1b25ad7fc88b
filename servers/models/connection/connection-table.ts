/**
 * Who is here now: connections that come and go by the thousand.
 *
 * Not a Set, though it does what one would do. A Set makes itself a new table every few times that something was added
 * and removed, and each old table points to the next. Once V8 has promoted one to its old generation, that one keeps
 * all later tables alive with the connections in them, dead as they are, until the next full collection: a good
 * part of what a connection cost ts-loop was copying them. An array whose places are used again leaves nothing behind.
 */
export class ConnectionTable<T extends object> {
  readonly #places: (T | undefined)[] = [];
  readonly #free: number[] = [];

  /** How many are here. */
  get size(): number {
    return this.#places.length - this.#free.length;
  }

  /** @returns the place, which is free again after `remove` */
  add(member: T): number {
    const place = this.#free.pop() ?? this.#places.length;
    this.#places[place] = member;
    return place;
  }

  /** Who is in a place, if anybody. */
  at(place: number): T | undefined {
    return this.#places[place];
  }

  /** Frees a place; one that is free stays so. */
  remove(place: number): void {
    if (this.#places[place] === undefined) return;
    this.#places[place] = undefined;
    this.#free.push(place);
  }

  /** Removes all. @returns who was here */
  clear(): readonly T[] {
    const members = [...this];
    this.#places.length = 0;
    this.#free.length = 0;
    return members;
  }

  /** All that are here, and that come while one goes through them, each once. */
  *[Symbol.iterator](): Generator<T> {
    for (const member of this.#places) if (member !== undefined) yield member;
  }
}
