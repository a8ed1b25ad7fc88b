/** What waits on the wheel and is told when the load is stopped before its time. */
import type { Stopped } from '../client/stopped.ts';
import { Timed } from './timer-wheel.ts';
import type { MeasuredWindow } from '../accounts/window.ts';

/** Something to be done at a time, or else when the load is stopped. */
export abstract class Alarm extends Timed {
  /** The load was stopped while it waited. */
  abstract stop(reason: Stopped): void;
}

/** Calls a function. */
export class Call extends Alarm {
  readonly #ring: () => void;
  readonly #onStop: () => void;

  constructor(ring: () => void, onStop: () => void = () => undefined) {
    super();
    this.#ring = ring;
    this.#onStop = onStop;
  }

  override onDue(): void {
    this.#ring();
  }

  override stop(): void {
    this.#onStop();
  }
}

/** A client that holds still; what it slept is counted as think time. */
export class Sleep extends Alarm {
  /** Resolves when the time has come. @throws Stopped */
  readonly over: Promise<void>;
  readonly #window: MeasuredWindow;
  readonly #fromMs: number;
  #resolve: () => void = () => undefined;
  #reject: (reason: Stopped) => void = () => undefined;

  constructor(window: MeasuredWindow, fromMs: number) {
    super();
    this.#window = window;
    this.#fromMs = fromMs;
    this.over = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  override onDue(nowMs: number): void {
    this.#window.thought(this.#fromMs, nowMs);
    this.#resolve();
  }

  override stop(reason: Stopped): void {
    // The scenario may have stopped waiting.
    this.over.catch(() => undefined);
    this.#reject(reason);
  }
}
