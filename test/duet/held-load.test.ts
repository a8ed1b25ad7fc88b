import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Fleet, LoadBackend, LoadSnapshot, LoadSpec } from '../../harness/load/backend.ts';
import { TreeSampler } from '../../harness/observe/sampler/sampler.ts';
import type { ServerUnderTest } from '../../harness/rig/server-under-test.ts';
import { observeLoad } from '../../harness/run/observed-load.ts';
import { loadResult } from '../load/fixtures/load-result.ts';

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
      return loadResult({ elapsedMs: signal.aborted ? 1 : 2 });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { acquire: () => Promise.resolve(fleet), [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** This process in place of a server that lives on. */
const server = {
  exited: new Promise(() => {}),
  watch: (periodMs: number) => TreeSampler.start(process.pid, { periodMs }),
} as unknown as ServerUnderTest;

/** Whether the load of ten clients was stopped before its end. */
async function stopped(backend: LoadBackend, signal = never): Promise<boolean> {
  const { load } = await observeLoad({ clients: 10 } as LoadSpec, server, {
    backend,
    samplePeriodMs: 100,
    holds: true,
    signal,
    heldForMs: 20,
  });
  return load.elapsedMs === 1;
}

describe('a held load', () => {
  it('is stopped once all connections are held', async () => {
    assert.equal(await stopped(backendThatTells([4, 10, 10], 'when stopped')), true);
  });

  it('goes on to its end while one is missing', async () => {
    assert.equal(await stopped(backendThatTells([4, 9], 'by itself')), false);
  });

  it('ends with the duet that it belongs to', async () => {
    assert.equal(await stopped(backendThatTells([4], 'when stopped'), AbortSignal.abort()), true);
  });
});
