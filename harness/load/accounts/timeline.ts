/** What a generator saw over time, in at most 200 points that lie on a grid common to all generators. */

/** Columns of equal length: point k lies k periods after the common start. */
export interface TimelineGrid {
  readonly periodMs: number;
  /** Exchanges completed so far. */
  readonly completed: readonly number[];
  /** Connections held. */
  readonly established: readonly number[];
}

const HIGHEST_POINTS = 200;
const FIRST_PERIOD_MS = 5;

/** Collects a grid. When it is full every other point goes, and the period doubles. */
export class Timeline {
  #periodMs = FIRST_PERIOD_MS;
  #completed: number[] = [];
  #established: number[] = [];

  /** Points so far. */
  get length(): number {
    return this.#completed.length;
  }

  /** When the next point is due, in ms after the start. */
  get nextMs(): number {
    return this.#completed.length * this.#periodMs;
  }

  /** Takes the state at `atMs`; points that were missed since the last (a stalled generator) get the same. */
  sample(atMs: number, completed: number, established: number): void {
    while (this.nextMs <= atMs) {
      if (this.#completed.length === HIGHEST_POINTS) this.#thin();
      else {
        this.#completed.push(completed);
        this.#established.push(established);
      }
    }
  }

  /** Takes the end state, at the first point of the grid after `elapsedMs`. */
  finish(elapsedMs: number, completed: number): void {
    this.sample(Math.max(elapsedMs, this.nextMs), completed, 0);
  }

  grid(): TimelineGrid {
    return { periodMs: this.#periodMs, completed: this.#completed, established: this.#established };
  }

  #thin(): void {
    const isKept = (_: number, k: number): boolean => k % 2 === 0;
    this.#completed = this.#completed.filter(isKept);
    this.#established = this.#established.filter(isKept);
    this.#periodMs *= 2;
  }
}

/**
 * The sum of several grids, on the coarsest period among them. A generator that ended before another keeps what it
 * completed and holds nothing.
 */
export function sumTimelines(grids: readonly TimelineGrid[]): {
  readonly atMs: number[];
  readonly completed: number[];
  readonly established: number[];
} {
  const periodMs = Math.max(...grids.map((grid) => grid.periodMs));
  const lengths = grids.map((grid) => Math.ceil((grid.completed.length * grid.periodMs) / periodMs));
  const points = Array.from({ length: Math.max(0, ...lengths) }, (_, k) => k);
  const sum = (read: (grid: TimelineGrid, k: number) => number): number[] =>
    points.map((k) => grids.reduce((total, grid) => total + read(grid, (k * periodMs) / grid.periodMs), 0));
  return {
    atMs: points.map((k) => k * periodMs),
    completed: sum((grid, k) => grid.completed[k] ?? grid.completed.at(-1) ?? 0),
    established: sum((grid, k) => grid.established[k] ?? 0),
  };
}
