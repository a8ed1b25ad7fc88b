/**
 * Load from generator processes of this machine, so that nothing else that the harness does can disturb the clients.
 *
 * Generators are kept from trial to trial: a fresh one would make its first exchanges with code that has not been
 * compiled yet.
 */
import type { Fleet, LoadBackend, LoadSnapshot, LoadSpec, ShardSpec } from '../backend.ts';
import { monotonicClock } from '../time/clock.ts';
import { mergeShards, sumFields } from '../accounts/merge.ts';
import { GeneratorProcess } from './generator-process.ts';

/** From the order to start until the start, so that it has reached every generator: once, and for each generator, in ms. */
const LEAD_MS = 10;
const LEAD_EACH_MS = 3;

export interface ProcessesOptions {
  /** How many generator processes share the clients. Default 1. */
  readonly generators?: number;
}

/** Starts generators as they are needed and keeps them for the next fleet. */
export function processesBackend({ generators = 1 }: ProcessesOptions = {}): LoadBackend {
  const idle: GeneratorProcess[] = [];
  const all = new Set<GeneratorProcess>();

  async function take(ordinal: number): Promise<GeneratorProcess> {
    for (let kept = idle.pop(); kept; kept = idle.pop()) if (kept.alive) return kept;
    const started = await GeneratorProcess.start(`Load generator ${ordinal} of ${generators}`);
    all.add(started);
    return started;
  }

  async function giveBack(generator: GeneratorProcess): Promise<void> {
    try {
      await generator.ask({ type: 'release' }, 'released');
      idle.push(generator);
    } catch {
      all.delete(generator);
      await generator[Symbol.asyncDispose]();
    }
  }

  return {
    async acquire(spec, signal) {
      signal.throwIfAborted();
      const count = Math.min(generators, spec.clients);
      const taking = Array.from({ length: count }, (_, i) => take(i + 1));
      const settled = await Promise.allSettled(taking);
      const taken = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const failed = settled.find((one) => one.status === 'rejected');
      if (failed) {
        await Promise.all(taken.map(giveBack));
        throw failed.reason;
      }
      return fleetOf(spec, taken, () => Promise.all(taken.map(giveBack)));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...all].map((generator) => generator[Symbol.asyncDispose]()));
    },
  };
}

function fleetOf(
  spec: LoadSpec,
  generators: readonly GeneratorProcess[],
  giveBack: () => Promise<unknown>,
): Fleet {
  const shards = shardsOf(spec, generators.length);
  return {
    pids: generators.map((generator) => generator.pid),
    async prepare() {
      await Promise.all(
        generators.map((generator, i) =>
          generator.ask({ type: 'prepare', shard: shards[i] as ShardSpec }, 'prepared'),
        ),
      );
    },
    async run(signal, onSnapshot) {
      const stop = (): void => generators.forEach((generator) => generator.tell({ type: 'stop' }));
      const atMs = monotonicClock.now() + LEAD_MS + LEAD_EACH_MS * generators.length;
      if (onSnapshot) sumSnapshots(generators, onSnapshot);
      const running = generators.map((generator) => generator.ask({ type: 'start', atMs }, 'done'));
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      try {
        return mergeShards((await Promise.all(running)).map((done) => done.result));
      } catch (error) {
        // Losing one generator makes the whole load invalid: the others need not go on.
        stop();
        await Promise.allSettled(running);
        throw error;
      } finally {
        signal.removeEventListener('abort', stop);
        for (const generator of generators) generator.onSnapshot = undefined;
      }
    },
    async [Symbol.asyncDispose]() {
      await giveBack();
    },
  };
}

/** The clients in runs of equal length, give or take one. */
function shardsOf(load: LoadSpec, count: number): readonly ShardSpec[] {
  const edge = (k: number): number => Math.floor((load.clients * k) / count);
  return Array.from({ length: count }, (_, k) => ({ load, from: edge(k), to: edge(k + 1) }));
}

/** Tells the sum over all generators whenever the first of them has told its state. */
function sumSnapshots(
  generators: readonly GeneratorProcess[],
  onSnapshot: (snapshot: LoadSnapshot) => void,
): void {
  const latest: (LoadSnapshot | undefined)[] = generators.map(() => undefined);
  generators.forEach((generator, i) => {
    generator.onSnapshot = (snapshot) => {
      latest[i] = snapshot;
      if (i > 0) return;
      onSnapshot({ ...sumFields(latest.filter((one) => one !== undefined)), atMs: snapshot.atMs });
    };
  });
}
