/** Monotonic time for the load engine, comparable between processes of one machine. */
import { performance } from 'node:perf_hooks';

/** What the engine needs of time; tests put a fake one in its place. */
export interface Clock {
  /** Monotonic time in ms, with a fraction. */
  now(): number;
  /** Calls `fn` once, `ms` from now at the earliest (whole ms). Returns what cancels it. */
  after(ms: number, fn: () => void): () => void;
}

/**
 * `performance.now()` counts from the start of its own process. Shifted to the kernel's CLOCK_MONOTONIC (which
 * `process.hrtime` reads), the same instant has the same number in every process, and whole milliseconds fall
 * together with those of libuv's timers.
 */
const SHIFT_MS = readShiftMs();

/**
 * Both clocks are read in turn until they were surely read at once: this thread may be preempted between two readings,
 * and the shift would be wrong by that time for good. Times that C reads (sockets/native) are compared with shifted ones.
 */
function readShiftMs(): number {
  let shiftMs = 0;
  let closestMs = Infinity;
  for (let i = 0; i < 50; i++) {
    const beforeMs = Number(process.hrtime.bigint()) / 1e6;
    const own = performance.now();
    const afterMs = Number(process.hrtime.bigint()) / 1e6;
    if (afterMs - beforeMs >= closestMs) continue;
    closestMs = afterMs - beforeMs;
    shiftMs = (beforeMs + afterMs) / 2 - own;
  }
  return shiftMs;
}

const readMs = performance.now.bind(performance);

export const monotonicClock: Clock = {
  now: () => readMs() + SHIFT_MS,
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};

/** Waits for an instant of the clock: with a timer until shortly before it, then turn by turn of the event loop. */
export async function waitUntil(clock: Clock, instantMs: number): Promise<void> {
  const restMs = instantMs - clock.now() - 2;
  if (restMs >= 1) await new Promise<void>((resolve) => clock.after(Math.floor(restMs), resolve));
  while (clock.now() < instantMs) await new Promise<void>((resolve) => setImmediate(resolve));
}
