/** A held load that ends once its figures are taken: the rest of its time would only be waited for. */
import type { Fleet, LoadBackend } from '../../load/backend.ts';

/** From the last connection until the end, in ms: two samples of the memory, and time to read it in full. */
export const HELD_FOR_MS = 200;

/** A backend whose fleets are stopped soon after so many connections are held. Those that come late have the whole time. */
export function endingWhenHeld(backend: LoadBackend, connections: number): LoadBackend {
  return {
    async acquire(spec, signal) {
      const fleet = await backend.acquire(spec, signal);
      const ending: Fleet = {
        pids: fleet.pids,
        prepare: () => fleet.prepare(),
        async run(runSignal, onSnapshot) {
          const held = new AbortController();
          let timer: NodeJS.Timeout | undefined;
          try {
            return await fleet.run(AbortSignal.any([runSignal, held.signal]), (snapshot) => {
              onSnapshot?.(snapshot);
              if (snapshot.established >= connections)
                timer ??= setTimeout(() => held.abort('all connections were held'), HELD_FOR_MS);
            });
          } finally {
            clearTimeout(timer);
          }
        },
        [Symbol.asyncDispose]: () => fleet[Symbol.asyncDispose](),
      };
      return ending;
    },
    [Symbol.asyncDispose]: () => backend[Symbol.asyncDispose](),
  };
}
