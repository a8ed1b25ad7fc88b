/**
 * All deadlines and pauses of a generator's clients on one timer: a hashed timing wheel (Varghese and Lauck, 1987)
 * with slots of an eighth of a millisecond.
 *
 * Arming and disarming is a store or a list operation on the entry itself, so that a deadline on every message costs
 * next to nothing; a `setTimeout` for each would cost as much as a third of the message.
 */
import type { Clock } from './clock.ts';

/**
 * Something that waits for a time. Base class of what a wheel carries; its links belong to the wheel. Few classes extend
 * it: V8 keeps the wheel's code fast for objects of four shapes at most.
 */
export abstract class Timed {
  /** When it is due, in the clock's ms; Infinity while it waits for nothing. */
  dueMs = Infinity;
  /** The slot time it is queued under; due times may move later without moving the entry. */
  queuedTick = Infinity;
  previous: Timed | null = null;
  next: Timed | null = null;

  /** Called once when it is due; `nowMs` is never before `dueMs`. */
  abstract onDue(nowMs: number): void;
}

class ListHead extends Timed {
  override onDue(): void {
    // A head is never due: it only closes the ring of its slot.
  }
}

const TICKS_PER_MS = 8;
/** A revolution takes 1,024 ms. */
const SLOTS = 8192;
const MASK = SLOTS - 1;

/**
 * To wake costs several µs, whoever is due. After a wake that n entries were due in, or 2n in the one before, the wheel rests
 * for n quarters of a millisecond, 1 ms at most: few clients are woken to the tick, and many (from about 4,000 pauses a
 * second on) together.
 */
const REST_TICKS_EACH = 2;
const LONGEST_REST_TICKS = 8;

export class TimerWheel {
  readonly #clock: Clock;
  readonly #slots: readonly ListHead[];
  /** Entries of the slot that is being worked on. */
  readonly #turning = emptyHead();
  #tick: number;
  /** Entries queued, disarmed ones that have not been swept out yet included. */
  #size = 0;
  /** When the next wake is set for; −∞ during a turn, which sets the next at its end. */
  #wakeTick = Infinity;
  /** No wake is set for an earlier tick. */
  #restTick = 0;
  /** Entries due in the last wake, or half as many as in those before. */
  #recentlyDue = 0;
  #cancelWake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#slots = Array.from({ length: SLOTS }, emptyHead);
    this.#tick = Math.floor(clock.now() * TICKS_PER_MS);
  }

  /** Makes `entry` due at `dueMs`, whatever it waited for before. */
  arm(entry: Timed, dueMs: number): void {
    entry.dueMs = dueMs;
    // Queued at an earlier slot it will be found there and moved on: nothing to do now.
    if (entry.previous !== null) {
      if (dueMs >= entry.queuedTick) return;
      this.#unlink(entry);
    }
    this.#link(entry);
  }

  /** Makes `entry` wait for nothing. It stays queued until its slot passes, so that arming it again is cheap. */
  disarm(entry: Timed): void {
    entry.dueMs = Infinity;
  }

  /** Takes `entry` out, so that the wheel holds no reference to it. */
  remove(entry: Timed): void {
    entry.dueMs = Infinity;
    if (entry.previous !== null) this.#unlink(entry);
  }

  /** Calls `visit` for every queued entry; `visit` may remove any of them. */
  forEach(visit: (entry: Timed) => void): void {
    const entries: Timed[] = [];
    for (const head of [...this.#slots, this.#turning]) {
      for (let entry = head.next; entry !== null && entry !== head; entry = entry.next) entries.push(entry);
    }
    entries.forEach(visit);
  }

  /** Stops the timer behind the wheel; entries are forgotten. */
  dispose(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    this.forEach((entry) => this.remove(entry));
  }

  #link(entry: Timed): void {
    const tick = Math.max(Math.ceil(entry.dueMs * TICKS_PER_MS), this.#tick + 1);
    entry.queuedTick = tick;
    append(this.#slots[tick & MASK] as ListHead, entry);
    this.#size++;
    this.#wakeBy(tick);
  }

  #unlink(entry: Timed): void {
    detach(entry);
    this.#size--;
  }

  #wakeBy(tick: number): void {
    const wakeTick = tick > this.#restTick ? tick : this.#restTick;
    if (wakeTick >= this.#wakeTick) return;
    this.#cancelWake?.();
    this.#wakeTick = wakeTick;
    const delayMs = Math.max(0, wakeTick / TICKS_PER_MS - this.#clock.now());
    this.#cancelWake = this.#clock.after(delayMs, this.#wake);
  }

  readonly #wake = (): void => {
    this.#cancelWake = undefined;
    this.#wakeTick = -Infinity;
    this.#turnTo(this.#clock.now());
    this.#wakeTick = Infinity;
    this.#wakeForNext();
  };

  /** Works on every slot up to now. */
  #turnTo(nowMs: number): void {
    const until = Math.floor(nowMs * TICKS_PER_MS);
    let due = 0;
    // A stall longer than the wheel's circumference passes every slot once.
    const slots = Math.min(until - this.#tick, SLOTS);
    const first = until - slots + 1;
    for (let tick = first; tick <= until; tick++) {
      this.#tick = tick;
      const head = this.#slots[tick & MASK] as ListHead;
      if (head.next !== head) due += this.#sweep(head, nowMs);
    }
    this.#tick = Math.max(this.#tick, until);
    this.#recentlyDue = Math.max(due, this.#recentlyDue >> 1);
    this.#restTick = this.#tick + Math.min(LONGEST_REST_TICKS, this.#recentlyDue * REST_TICKS_EACH);
  }

  /** Returns how many entries were due. */
  #sweep(head: ListHead, nowMs: number): number {
    let due = 0;
    splice(head, this.#turning);
    for (
      let entry = this.#turning.next;
      entry !== null && entry !== this.#turning;
      entry = this.#turning.next
    ) {
      this.#unlink(entry);
      if (entry.dueMs <= nowMs) {
        due++;
        entry.dueMs = Infinity;
        entry.onDue(nowMs);
      } else if (entry.dueMs !== Infinity) {
        this.#link(entry);
      }
    }
    return due;
  }

  #wakeForNext(): void {
    if (this.#size === 0) return;
    for (let tick = this.#tick + 1; tick <= this.#tick + SLOTS; tick++) {
      const head = this.#slots[tick & MASK] as ListHead;
      if (head.next !== head) {
        this.#wakeBy(tick);
        return;
      }
    }
  }
}

function emptyHead(): ListHead {
  const head = new ListHead();
  head.previous = head;
  head.next = head;
  return head;
}

function append(head: Timed, entry: Timed): void {
  const last = head.previous as Timed;
  last.next = entry;
  entry.previous = last;
  entry.next = head;
  head.previous = entry;
}

function detach(entry: Timed): void {
  (entry.previous as Timed).next = entry.next;
  (entry.next as Timed).previous = entry.previous;
  entry.previous = null;
  entry.next = null;
}

/** Moves every entry of a ring to the end of another. */
function splice(from: Timed, to: Timed): void {
  for (let entry = from.next; entry !== null && entry !== from; entry = from.next) {
    detach(entry);
    append(to, entry);
  }
}
