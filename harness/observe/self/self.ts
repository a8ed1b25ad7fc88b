import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** What the observing process itself used and how late its event loop ran: a saturated generator shows here. */
export interface SelfUse {
  readonly elapsedMs: number;
  /** CPU time of all threads of this process, in nanoseconds. */
  readonly userNs: number;
  readonly systemNs: number;
  /** CPU time of the thread that observes, in nanoseconds: at most `elapsedMs`, and near it when saturated. */
  readonly threadCpuNs: number;
  /** How much later than due the event loop got to its timers, in milliseconds; null when nothing was recorded. */
  readonly loopLatenessMs: { readonly p99: number; readonly max: number } | null;
}

export interface SelfObserver extends Disposable {
  /** What was used since the start. */
  read(): SelfUse;
}

/**
 * Observes this process and this thread's event loop from now on; dispose of it when done.
 *
 * @param resolutionMs how often the loop's lateness is read, at least 1; each reading is one timer
 */
export function observeSelf(resolutionMs = 10): SelfObserver {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  const startThread = process.threadCpuUsage();
  // The histogram holds the time from one timer to the next, so that the resolution is not lateness.
  const lateMs = (ns: number): number => Math.max(0, ns / 1e6 - resolutionMs);
  return {
    read: () => {
      const elapsedMs = performance.now() - startMs;
      // The whole process first: it brings this thread's own account up to date (see threadCpuNs).
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
 * getrusage(RUSAGE_THREAD) alone is up to a scheduler tick (4 ms) behind for the thread that runs; asking for the
 * whole process first makes the kernel bring the calling thread's account up to date (thread_group_cputime in
 * kernel/sched/cputime.c). Both together cost about one microsecond.
 */
export function threadCpuNs(): number {
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) * 1000;
}

/** The time that a sampler lives by. Tests bring their own. */
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
