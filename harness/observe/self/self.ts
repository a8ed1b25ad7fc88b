import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** CPU time of the observing process and lateness of its event loop: both show a saturated generator. */
export interface SelfUse {
  readonly elapsedMs: number;
  /** CPU time of all threads of this process, in nanoseconds. */
  readonly userNs: number;
  readonly systemNs: number;
  /** CPU time of the observing thread, in nanoseconds; close to `elapsedMs` when it is saturated. */
  readonly threadCpuNs: number;
  /** Delay of the event loop's timers, in milliseconds; null when nothing was recorded. */
  readonly loopLatenessMs: { readonly p99: number; readonly max: number } | null;
}

export interface SelfObserver extends Disposable {
  /** Usage since the start. */
  read(): SelfUse;
}

/**
 * Observes this process and this thread's event loop until disposed.
 *
 * @param resolutionMs period of the lateness readings, at least 1; each reading is one timer
 */
export function observeSelf(resolutionMs = 10): SelfObserver {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  const startThread = process.threadCpuUsage();
  // The histogram holds intervals between timers; subtracting the resolution leaves the lateness.
  const lateMs = (ns: number): number => Math.max(0, ns / 1e6 - resolutionMs);
  return {
    read: () => {
      const elapsedMs = performance.now() - startMs;
      // The process first: that updates this thread's account (see threadCpuNs).
      const { user, system } = process.cpuUsage(startCpu);
      const thread = process.threadCpuUsage(startThread);
      return {
        elapsedMs,
        userNs: user * 1000,
        systemNs: system * 1000,
        threadCpuNs: (thread.user + thread.system) * 1000,
        loopLatenessMs:
          delay.count === 0 ? null : { p99: lateMs(delay.percentile(99)), max: lateMs(delay.max) },
      };
    },
    [Symbol.dispose]: () => void delay.disable(),
  };
}

/**
 * CPU time of the calling thread in nanoseconds, exact to a microsecond.
 *
 * getrusage(RUSAGE_THREAD) alone lags by up to a scheduler tick (4 ms) for the running thread. Asking for the process
 * first makes the kernel update it (thread_group_cputime in kernel/sched/cputime.c). Both cost about 1 µs.
 */
export function threadCpuNs(): number {
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) * 1000;
}

/** The clock and timers of a sampler; tests inject their own. */
export interface Clock {
  /** Monotonic milliseconds from any origin. */
  nowMs(): number;
  /** Calls `act` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, act: () => void): () => void;
}

/** The machine's monotonic clock. Its timers do not keep the process alive. */
export const monotonicClock: Clock = {
  nowMs: () => performance.now(),
  after(delayMs, act) {
    const timer = setTimeout(act, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
