/** What waits on the wheel and is told when the load is stopped before its time. */
import type { Stopped } from '../client/stopped.ts';
import { Timed } from './timer-wheel.ts';
import type { MeasuredWindow } from '../accounts/window.ts';

/** Something to be done at a time, or else when the load is stopped. */
export abstract class Timeout extends Timed {
  /** The load was stopped while it waited. */
  abstract stop(reason: Stopped): void;
}

/** Calls a function. */
export class CallTimeout extends Timeout {
  readonly #onTime: () => void;
  readonly #onStop: () => void;

  constructor(onTime: () => void, onStop: () => void = () => undefined) {
    super();
    this.#onTime = onTime;
    this.#onStop = onStop;
  }

  override onDue(): void {
    this.#onTime();
  }

  override stop(): void {
    this.#onStop();
  }
}

/** A client that holds still; what it slept is counted as think time. */
export class Sleep extends Timeout {
  readonly #window: MeasuredWindow;
  readonly #fromMs: number;
  readonly #over = Promise.withResolvers<void>();

  constructor(window: MeasuredWindow, fromMs: number) {
    super();
    this.#window = window;
    this.#fromMs = fromMs;
  }

  /** Resolves when the time has come. @throws Stopped */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  override onDue(nowMs: number): void {
    this.#window.thought(this.#fromMs, nowMs);
    this.#over.resolve();
  }

  override stop(reason: Stopped): void {
    // The scenario may have stopped waiting.
    this.#over.promise.catch(() => undefined);
    this.#over.reject(reason);
  }
}
