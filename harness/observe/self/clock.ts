import type { Clock } from '../types.ts';

/** The machine's monotonic clock. Its timers do not keep the process alive. */
export const monotonicClock: Clock = {
  nowMs: () => performance.now(),
  after(delayMs, act) {
    const timer = setTimeout(act, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
