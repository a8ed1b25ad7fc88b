/** What is seen of a load while it runs, in addition to its counters: how it stood over time, and what the generator used. */
import { observeSelf, type SelfObserver } from '../../observe/self/self.ts';
import type { GeneratorUse, LoadResult, SocketKind } from '../../results/schema/load.ts';
import type { LoadSnapshot, LoadSpec } from '../backend.ts';
import { waitUntil, type Clock } from '../time/clock.ts';
import type { Counters, ShardResult } from './counters.ts';
import { Timeline } from './timeline.ts';

/** The memory of the generator is read at each of so many points of the timeline. */
const POINTS_A_MEMORY_READING = 20;

export class LoadWatch implements Disposable {
  readonly #clock: Clock;
  readonly #counters: Counters;
  readonly #timeline = new Timeline();
  #startMs = 0;
  #measured: ShardResult['measured'] = { fromMs: 0, untilMs: null };
  #observer: SelfObserver | undefined;
  #peakRssBytes = 0;
  #cancelSample: (() => void) | undefined;
  #cancelDeadline: (() => void) | undefined;

  constructor(clock: Clock, counters: Counters) {
    this.#clock = clock;
    this.#counters = counters;
  }

  /**
   * Resolves at `startMs` of the clock, when the load begins.
   *
   * @param untilMs end of the measured part, in ms after the start; null: it ends with the load
   * @param onDeadline called where the load lasts longer than it may
   */
  async start(
    startMs: number,
    { warmupMs, deadlineMs }: LoadSpec,
    untilMs: number | null,
    onDeadline: () => void,
  ): Promise<void> {
    await waitUntil(this.#clock, startMs);
    const { window } = this.#counters;
    window.fromMs = startMs + warmupMs;
    window.untilMs = startMs + (untilMs ?? Infinity);
    this.#startMs = startMs;
    this.#measured = { fromMs: warmupMs, untilMs };
    this.#cancelDeadline = this.#clock.after(deadlineMs, onDeadline);
    this.#observer = observeSelf();
    this.#readMemory();
    this.#sample();
  }

  /** How the load stands now. */
  snapshot(): LoadSnapshot {
    const { held, exchanges, clientsDone } = this.#counters;
    return {
      atMs: this.#startMs === 0 ? 0 : this.#clock.now() - this.#startMs,
      established: held,
      completed: exchanges.completed,
      clientsDone,
    };
  }

  /** The load was over at `endMs` of the clock, and all that it counted stands in the counters. */
  finish(endMs: number, clients: LoadResult['clients'], sockets: SocketKind): ShardResult {
    const elapsedMs = endMs - this.#startMs;
    this.#timeline.finish(elapsedMs, this.#counters.exchanges.completed);
    // Read before the histograms are encoded, which is no part of the load.
    const generator = this.#use(sockets);
    this[Symbol.dispose]();
    const timeline = this.#timeline.grid();
    const measured = this.#measured;
    const own = { lastLateMs: 0, wrong: 0 };
    return { ...this.#counters.read(), ...own, elapsedMs, measured, clients, generator, timeline };
  }

  [Symbol.dispose](): void {
    this.#cancelSample?.();
    this.#cancelDeadline?.();
    this.#observer?.[Symbol.dispose]();
  }

  #sample(): void {
    const { exchanges, held } = this.#counters;
    this.#timeline.sample(this.#clock.now() - this.#startMs, exchanges.completed, held);
    if (this.#timeline.length % POINTS_A_MEMORY_READING === 0) this.#readMemory();
    const dueMs = this.#timeline.nextMs - (this.#clock.now() - this.#startMs);
    this.#cancelSample = this.#clock.after(Math.max(1, dueMs), () => this.#sample());
  }

  #readMemory(): void {
    this.#peakRssBytes = Math.max(this.#peakRssBytes, process.memoryUsage.rss());
  }

  #use(sockets: SocketKind): GeneratorUse {
    this.#readMemory();
    const use = (this.#observer as SelfObserver).read();
    return {
      pid: process.pid,
      sockets,
      cpuUserNs: use.userNs,
      cpuSystemNs: use.systemNs,
      // Clients run in one thread: it is that thread, not the process, that a core can saturate.
      coreShare: use.elapsedMs > 0 ? use.threadCpuNs / 1e6 / use.elapsedMs : 0,
      latenessP99Ms: use.loopLatenessMs?.p99 ?? 0,
      latenessMaxMs: use.loopLatenessMs?.max ?? 0,
      peakRssBytes: this.#peakRssBytes,
    };
  }
}
