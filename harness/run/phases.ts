/** Where the time of a trial goes: one stopwatch that is always in exactly one phase, `spawn` at first. */
import type { TrialPhases } from '../results/schema/trial.ts';

type Phase = 'spawn' | 'ready' | 'warm' | 'prepare' | 'load' | 'stop';

export class PhaseClock {
  /** Monotonic time of the start, in ms. */
  readonly startedMs = performance.now();
  readonly #spentMs: Record<Phase, number> = {
    spawn: 0,
    ready: 0,
    warm: 0,
    prepare: 0,
    load: 0,
    stop: 0,
  };
  #phase: Phase = 'spawn';
  #since = this.startedMs;

  get current(): Phase {
    return this.#phase;
  }

  /** Ends the phase that runs and begins another; entering the one that runs goes on with it. */
  enter(phase: Phase): void {
    const now = performance.now();
    this.#spentMs[this.#phase] += now - this.#since;
    this.#phase = phase;
    this.#since = now;
  }

  /** Ends the last phase and returns what each took. */
  end(): TrialPhases {
    this.enter(this.#phase);
    const { spawn, ready, warm, prepare, load, stop } = this.#spentMs;
    return {
      spawnMs: spawn,
      readyMs: ready,
      ...(warm > 0 ? { warmMs: warm } : {}),
      prepareMs: prepare,
      loadMs: load,
      stopMs: stop,
    };
  }
}
