/** The models whose workers accept for themselves; the main process only keeps the pool full, and the scoreboard. */
import type { Server } from 'node:net';
import type { ListenOn } from '../connection/listen.ts';
import type { Running, ServerConfig } from '../model.ts';
import type { StartWorker } from '../worker/workers.ts';
import { pool } from './pool.ts';
import type { Scoreboard } from './scoreboard.ts';
import { openConnections, sumTallies } from './tally.ts';
import type { Tally } from './tally.ts';

/** What differs between those models. */
export interface OwnAcceptSetup {
  /** The port that workers listen on; asked for when all are ready. */
  port(): number;
  readonly start: StartWorker;
  /** What each worker listens on; undefined where it is sent a copy of the listening socket. */
  readonly listenOn: ListenOn | undefined;
  readonly scoreboard: Scoreboard;
  copy?(): Promise<Server>;
  /** Gives up what the main process itself holds of the address; resolves when no process of its making is left. */
  release(): void | Promise<void>;
}

/** Starts a server whose workers accept for themselves. */
export async function startOwnAccept(config: ServerConfig, setup: OwnAcceptSetup): Promise<Running> {
  const { workers: size, slots, drainMs } = config;
  const { scoreboard, listenOn } = setup;
  const maxConnections = Math.max(1, Math.floor(config.maxConnections / size));
  const served = new Uint32Array(size);
  const ended: Tally[] = [];

  const members = pool(
    size,
    (id, events) => {
      const row = scoreboard.row(id);
      const handle = setup.start(id, events, { listenOn, slots, maxConnections, row });
      setup.copy?.().then(
        (server) => handle.send({ type: 'listen' }, server),
        () => handle.kill(),
      );
      return handle;
    },
    {
      died: (place) => {
        const tally = scoreboard.read(place);
        scoreboard.clear(place);
        ended.push({ ...tally, broken: tally.broken + openConnections(tally) });
        served[place] = (served[place] ?? 0) + tally.served;
      },
    },
  );
  try {
    await members.ready;
  } catch (error) {
    members.kill();
    void setup.release();
    throw error;
  }

  return {
    port: setup.port(),
    workers: size,
    stop: async () => {
      // At once, so that the kernel stops taking connections when the last worker closes its copy.
      const released = setup.release();
      const service = await members.stop(drainMs);
      scoreboard.close();
      await released;
      return {
        tally: sumTallies(ended),
        workers: members.pids.map((pid, id) => ({ id, pid, served: served[id] ?? 0 })),
        service,
      };
    },
    kill: () => members.kill(),
  };
}
