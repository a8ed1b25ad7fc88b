/** The queue of the models that wait in user space: decides who is served, waits or is turned away. */
import type { TurnAwayReason } from '../../services/api/service.ts';

export interface AdmissionOptions<T> {
  /** Longest wait in the queue, in ms; 0: for ever. */
  readonly patienceMs: number;
  /** Most connections served at once. */
  readonly limit: number;
  /** Most connections served or waiting; more are refused at once. */
  readonly capacity: number;
  /** Assigns an arrival to a worker; false if none is free. */
  readonly place: (arrival: T, waitedMs: number, queued: boolean) => boolean;
  readonly turnAway: (arrival: T, reason: TurnAwayReason) => void;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
}

/** First come, first served; all have the same patience, so the first in the queue times out first. */
export function admission<T>(options: AdmissionOptions<T>) {
  const { patienceMs, limit, capacity, turnAway, now } = options;
  let waiting: { readonly arrival: T; readonly since: number }[] = [];
  let first = 0;
  let placed = 0;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const length = (): number => waiting.length - first;

  const place = (arrival: T, waitedMs: number, queued: boolean): boolean => {
    if (placed >= limit || !options.place(arrival, waitedMs, queued)) return false;
    placed += 1;
    return true;
  };

  const shift = (): void => {
    first += 1;
    // Amortised constant time, unlike Array's own shift.
    if (first > 1024 && first * 2 > waiting.length) {
      waiting = waiting.slice(first);
      first = 0;
    }
  };

  const setTimer = (): void => {
    clearTimeout(timer);
    const head = waiting[first];
    if (head && patienceMs > 0) timer = setTimeout(expire, Math.max(1, head.since + patienceMs - now()));
  };

  const expire = (): void => {
    for (let head = waiting[first]; head && now() - head.since >= patienceMs; head = waiting[first]) {
      shift();
      turnAway(head.arrival, 'patience');
    }
    setTimer();
  };

  const advance = (): void => {
    if (length() === 0) return;
    for (let head = waiting[first]; head; head = waiting[first]) {
      if (!place(head.arrival, Math.round(now() - head.since), true)) break;
      shift();
    }
    setTimer();
  };

  return {
    /** A connection arrived: place, queue or refuse it. */
    offer: (arrival: T): void => {
      if (closed || placed + length() >= capacity) return turnAway(arrival, 'limit');
      if (length() === 0 && place(arrival, 0, false)) return;
      waiting.push({ arrival, since: now() });
      if (length() === 1) setTimer();
    },
    /** A placed connection has ended, so a worker may be free. */
    leave: (): void => {
      placed -= 1;
      advance();
    },
    /** A worker may have become free although no connection ended. */
    advance,
    /** Turns away all that wait and refuses later arrivals. */
    close: (): void => {
      closed = true;
      clearTimeout(timer);
      const rest = waiting.slice(first);
      waiting = [];
      first = 0;
      for (const { arrival } of rest) turnAway(arrival, 'patience');
    },
  };
}
