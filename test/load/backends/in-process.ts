/** Load from this very process: a scenario can be tested without a generator of its own. */
import { loadScenario } from '../../../scenarios/catalogue.ts';
import type { Fleet, LoadBackend, LoadSpec } from '../../../harness/load/backend.ts';
import { monotonicClock } from '../../../harness/load/time/clock.ts';
import { mergeShards } from '../../../harness/load/accounts/merge.ts';
import { shardOf } from '../../../harness/load/generator/shard-of.ts';
import type { ShardRunner } from '../../../harness/load/generator/shard-runner.ts';

/** How often the state is told, in ms. */
const SNAPSHOT_MS = 200;

export function inProcessBackend(): LoadBackend {
  return {
    acquire: (spec) => Promise.resolve(inProcessFleet(spec)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function inProcessFleet(spec: LoadSpec): Fleet {
  let shard: ShardRunner | undefined;
  return {
    pids: [process.pid],
    async prepare() {
      const scenario = await loadScenario(spec.scenarioModule);
      shard = await shardOf({ load: spec, from: 0, to: spec.clients }, scenario);
    },
    async run(signal, onSnapshot) {
      if (!shard) throw new Error('a fleet runs only after prepare()');
      const running = shard;
      const stop = (): void => running.stop('stopped');
      signal.addEventListener('abort', stop, { once: true });
      const snapshots = onSnapshot && setInterval(() => onSnapshot(running.snapshot()), SNAPSHOT_MS);
      try {
        const result = running.run(monotonicClock.now());
        if (signal.aborted) stop();
        return mergeShards([await result]);
      } finally {
        clearInterval(snapshots);
        signal.removeEventListener('abort', stop);
      }
    },
    [Symbol.asyncDispose]() {
      shard?.[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}
