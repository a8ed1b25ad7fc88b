/** The program of one generator process: does what it is told over IPC, and ends when nobody is there to tell it. */
import { EXIT, HoldfastError, messageOf } from '../../errors.ts';
import { loadScenario } from '../../../scenarios/catalogue.ts';
import type { ShardRunner } from '../backend.ts';
import { shardOf } from './shard.ts';
import type { FromGenerator, ToGenerator } from './messages.ts';
import { warmUp } from './warm-up.ts';

/** How often the state is told, in ms. */
const SNAPSHOT_MS = 200;
/** Until then it is looked at more often, and told as soon as all clients are connected: memory is read at that moment. */
const LOOK_MS = 10;

let shard: ShardRunner | undefined;
let clients = 0;

function tell(message: FromGenerator): void {
  // A harness that goes away meanwhile hears nothing: `disconnect` ends this process, an error would only be noise.
  if (process.connected) process.send?.(message, undefined, {}, () => undefined);
}

function fail(error: unknown): void {
  const exitCode = error instanceof HoldfastError ? error.exitCode : EXIT.unfit;
  tell({ type: 'failed', message: messageOf(error), exitCode });
}

async function prepare(message: ToGenerator & { type: 'prepare' }): Promise<void> {
  shard?.[Symbol.dispose]();
  clients = message.shard.to - message.shard.from;
  shard = await shardOf(message.shard, await loadScenario(message.shard.load.scenarioModule));
  tell({ type: 'prepared' });
}

async function start(atMs: number): Promise<void> {
  const running = shard;
  if (!running) throw new Error('a generator starts only after it has prepared');
  const snapshots = setInterval(() => tell({ type: 'snapshot', snapshot: running.snapshot() }), SNAPSHOT_MS);
  const looks = setInterval(() => {
    const snapshot = running.snapshot();
    const held = snapshot.established >= clients;
    if (held) tell({ type: 'snapshot', snapshot });
    if (held || snapshot.atMs > SNAPSHOT_MS) clearInterval(looks);
  }, LOOK_MS);
  try {
    tell({ type: 'done', result: await running.run(atMs) });
  } finally {
    clearInterval(snapshots);
    clearInterval(looks);
  }
}

process.on('message', (message: ToGenerator) => {
  switch (message.type) {
    case 'prepare':
      prepare(message).catch(fail);
      return;
    case 'start':
      start(message.atMs).catch(fail);
      return;
    case 'stop':
      shard?.stop('stopped');
      return;
    case 'release':
      shard?.[Symbol.dispose]();
      shard = undefined;
      tell({ type: 'released' });
  }
});
// A terminal sends SIGINT to the whole group; when to stop is the harness's to say.
process.on('SIGINT', () => undefined);
// Without a harness nobody wants the load, and nothing may be left behind.
process.on('disconnect', () => process.exit(0));
process.on('unhandledRejection', fail);
await warmUp();
tell({ type: 'ready' });
