/** Two loads that start together: each arm waits for the other after both have prepared. */
import type { Fleet, LoadBackend } from '../../load/backend.ts';

/** Where the two arms wait for each other, as often as they come. */
export class StartBarrier {
  #waiting: PromiseWithResolvers<void> | undefined;

  /** Resolves when the other arm has come too. @throws the signal's reason */
  async arrive(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#waiting) {
      this.#waiting.resolve();
      this.#waiting = undefined;
      return;
    }
    const mine = Promise.withResolvers<void>();
    this.#waiting = mine;
    const leave = (): void => {
      if (this.#waiting === mine) this.#waiting = undefined;
      mine.reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      await mine.promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }
}

/** How an arm starts its load together with the other, where they are loaded at the same time. */
export interface StartTogether {
  /** Says that this arm is prepared. @param pids what is kept on its core: its server and its generators */
  prepared(pids: readonly number[]): Promise<void>;
  /** Resolves when both may start. @throws the signal's reason */
  arrive(signal: AbortSignal): Promise<void>;
}

/**
 * A backend whose fleets start together with those of the other arm.
 *
 * @param server pids of what they load, asked for when the fleet is ready
 */
export function startingTogether(
  backend: LoadBackend,
  start: StartTogether,
  server: () => readonly number[],
): LoadBackend {
  return {
    async acquire(spec, signal) {
      const fleet = await backend.acquire(spec, signal);
      const together: Fleet = {
        pids: fleet.pids,
        async prepare() {
          await fleet.prepare();
          await start.prepared([...server(), ...fleet.pids]);
        },
        async run(runSignal, onSnapshot) {
          await start.arrive(runSignal);
          return await fleet.run(runSignal, onSnapshot);
        },
        [Symbol.asyncDispose]: () => fleet[Symbol.asyncDispose](),
      };
      return together;
    },
    [Symbol.asyncDispose]: () => backend[Symbol.asyncDispose](),
  };
}
