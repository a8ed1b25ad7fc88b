/** Two loads that start together: each arm's backend waits for the other's, after both have prepared. */
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

/**
 * A backend whose fleets start at a barrier.
 *
 * @param prepared called with the pids of the generators when the fleet is ready, before the other arm is waited for
 */
export function startingTogether(
  backend: LoadBackend,
  barrier: StartBarrier,
  prepared: (pids: readonly number[]) => Promise<void>,
): LoadBackend {
  return {
    async acquire(spec, signal) {
      const fleet = await backend.acquire(spec, signal);
      const together: Fleet = {
        pids: fleet.pids,
        async prepare() {
          await fleet.prepare();
          await prepared(fleet.pids);
        },
        async run(runSignal, onSnapshot) {
          await barrier.arrive(runSignal);
          return await fleet.run(runSignal, onSnapshot);
        },
        [Symbol.asyncDispose]: () => fleet[Symbol.asyncDispose](),
      };
      return together;
    },
    [Symbol.asyncDispose]: () => backend[Symbol.asyncDispose](),
  };
}
