/** The models whose workers accept for themselves; the main process only keeps the pool full and the accounts. */
import type { Server } from 'node:net';
import { hubFor } from '../bus/hub.ts';
import { mergeCounters } from '../model.ts';
import type { Running, ServerConfig } from '../model.ts';
import { pool } from './pool.ts';
import type { Scoreboard } from './scoreboard.ts';
import { openConnections, sumTallies } from './tally.ts';
import type { Tally } from './tally.ts';
import type { StartWorker } from '../worker/start.ts';
import type { Source } from '../worker/protocol.ts';

/** What differs between those models. */
export interface Ground {
  /** The port that workers listen on; asked for when all are ready. */
  port(): number;
  readonly start: StartWorker;
  readonly source: Source;
  readonly scoreboard: Scoreboard;
  /** Another copy of the listening socket, where workers are sent theirs. */
  copy?(): Promise<Server>;
  /** Gives up what the main process itself holds of the address. */
  release(): void;
}

/** Starts a server on this ground. */
export async function startOwnAccept(config: ServerConfig, ground: Ground): Promise<Running> {
  const { workers: size, service, slots, idleMs, drainMs } = config;
  const { scoreboard, source } = ground;
  const hub = hubFor(service);
  const pids: number[] = [];
  const served: number[] = Array.from({ length: size }, () => 0);
  const buried: Tally[] = [];

  const members = pool(
    size,
    (id, events) => {
      const maxConnections = Math.max(1, Math.floor(config.maxConnections / size));
      const books = scoreboard.books(id);
      const handle = ground.start({ id, service, source, idleMs, slots, maxConnections, books }, events, hub);
      pids[id] = handle.pid;
      ground.copy?.().then(
        (server) => handle.send({ type: 'listen' }, server),
        () => handle.kill(),
      );
      return handle;
    },
    {
      died: (place) => {
        const tally = scoreboard.read(place);
        scoreboard.clear(place);
        buried.push({ ...tally, broken: tally.broken + openConnections(tally) });
        served[place] = (served[place] ?? 0) + tally.served;
      },
    },
  );
  try {
    await members.ready;
  } catch (error) {
    members.kill();
    ground.release();
    throw error;
  }

  return {
    port: ground.port(),
    workers: size,
    stop: async () => {
      // At once, so that the kernel stops taking connections when the last worker closes its copy.
      ground.release();
      const counters = await members.stop(drainMs);
      scoreboard.close();
      return {
        tally: sumTallies(buried),
        workers: pids.map((pid, id) => ({ id, pid, served: served[id] ?? 0 })),
        service: mergeCounters(counters),
      };
    },
    kill: () => members.kill(),
  };
}
