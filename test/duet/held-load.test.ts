import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endingWhenHeld } from '../../harness/duet/launch/held-load.ts';
import type { Fleet, LoadBackend, LoadSnapshot, LoadSpec } from '../../harness/load/backend.ts';
import type { LoadResult } from '../../harness/results/schema/load.ts';

const never = new AbortController().signal;
const snapshot = (established: number): LoadSnapshot => ({
  atMs: 0,
  established,
  completed: established,
  clientsDone: 0,
});

/** A load that tells these numbers of connections and then ends when it is stopped, or by itself. */
function backendThatTells(told: readonly number[], ends: 'when stopped' | 'by itself'): LoadBackend {
  const fleet: Fleet = {
    pids: [],
    prepare: () => Promise.resolve(),
    run: async (signal, onSnapshot) => {
      for (const established of told) onSnapshot?.(snapshot(established));
      if (ends === 'when stopped') {
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => resolve(), { once: true });
          if (signal.aborted) resolve();
        });
      }
      return { elapsedMs: signal.aborted ? 1 : 2 } as LoadResult;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { acquire: () => Promise.resolve(fleet), [Symbol.asyncDispose]: () => Promise.resolve() };
}

async function run(backend: LoadBackend, signal = never) {
  const seen: number[] = [];
  await using fleet = await endingWhenHeld(backend, 10).acquire({} as LoadSpec, never);
  const { elapsedMs } = await fleet.run(signal, ({ established }) => seen.push(established));
  return { stopped: elapsedMs === 1, seen };
}

describe('a hold', () => {
  it('is stopped once all connections are held, and passes on what it is told', async () => {
    assert.deepEqual(await run(backendThatTells([4, 10, 10], 'when stopped')), {
      stopped: true,
      seen: [4, 10, 10],
    });
  });

  it('goes on to its end while one is missing', async () => {
    assert.deepEqual(await run(backendThatTells([4, 9], 'by itself')), { stopped: false, seen: [4, 9] });
  });

  it('ends with the duet that it belongs to', async () => {
    assert.equal((await run(backendThatTells([4], 'when stopped'), AbortSignal.abort())).stopped, true);
  });
});
