/** What a generator itself used during one load. */
import { observeSelf } from '../../observe/self/self.ts';
import type { GeneratorUse, SocketKind } from '../../results/trial-result.ts';

/** Watches this process from `startSelfObservation` until `stop`. */
export interface SelfObservation {
  /** Takes notice of the memory in use now. */
  sample(): void;
  /** Ends the watch. */
  stop(): GeneratorUse;
}

/** @param sockets what carries this generator's connections */
export function startSelfObservation(sockets: SocketKind): SelfObservation {
  const observer = observeSelf();
  let peakRssBytes = process.memoryUsage.rss();
  const sample = (): void => {
    peakRssBytes = Math.max(peakRssBytes, process.memoryUsage.rss());
  };
  return {
    sample,
    stop() {
      sample();
      using ended = observer;
      const use = ended.read();
      return {
        pid: process.pid,
        sockets,
        cpuUserNs: use.userNs,
        cpuSystemNs: use.systemNs,
        // Clients run in one thread: it is that thread, not the process, that a core can saturate.
        coreShare: use.elapsedMs > 0 ? use.threadCpuNs / 1e6 / use.elapsedMs : 0,
        latenessP99Ms: use.loopLatenessMs?.p99 ?? 0,
        latenessMaxMs: use.loopLatenessMs?.max ?? 0,
        peakRssBytes,
      };
    },
  };
}
