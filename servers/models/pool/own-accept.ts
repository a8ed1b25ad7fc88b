/** The models whose workers accept for themselves; the main process keeps only the pool and the scoreboard. */
import type { BoundSocket } from 'node:net';
import { bind, portOf } from '../connection/sockets.ts';
import type { ListenOn } from '../connection/sockets.ts';
import type { Running, ServerConfig } from '../model.ts';
import { processes, threads } from '../worker/workers.ts';
import type { Workers } from '../worker/workers.ts';
import { listenerCopies } from './listener-copies.ts';
import type { ListenerCopies } from './listener-copies.ts';
import { pool } from './pool.ts';
import { fileScoreboard, memoryScoreboard } from './scoreboard.ts';
import type { Scoreboard } from './scoreboard.ts';
import { addTally, openConnections, tallyRow } from './tally.ts';

/** How workers listen. */
interface Listening {
  readonly workers: Workers;
  readonly scoreboard: Scoreboard;
  /** What each worker listens on; undefined if it is sent a copy of the listening socket. */
  readonly listenOn: ListenOn | undefined;
  readonly copies?: ListenerCopies;
  /** The main process's own hold on the address. */
  readonly bound?: BoundSocket;
  /** The port that workers listen on; called when all are ready. */
  port(): number;
}

/** First descriptor that workers inherit, after the channel to their parent (3). */
const FIRST_INHERITED = 4;

/** The ways of listening, by variant. */
const LISTENING: Readonly<Record<string, (config: ServerConfig) => Listening | Promise<Listening>>> = {
  'ts-prefork-accept': (config) => {
    const { host, port, backlog, workers } = config;
    const bound = bind(host, port, false);
    const boundPort = portOf(bound.address());
    const scoreboard = fileScoreboard(workers, FIRST_INHERITED + 1);
    return {
      workers: processes(config, [bound.fd(), scoreboard.fd]),
      scoreboard,
      listenOn: { fd: FIRST_INHERITED, backlog },
      bound,
      port: () => boundPort,
    };
  },

  'ts-prefork-reuseport': (config) => {
    const { host, backlog, workers } = config;
    // SO_REUSEPORT would silently share a port in use; binding without it first reports the conflict.
    if (config.port !== 0) bind(host, config.port, false).close();
    // Bound but not listening, it reserves the port; the kernel gives connections only to listening sockets.
    const bound = bind(host, config.port, true);
    const port = portOf(bound.address());
    const scoreboard = fileScoreboard(workers, FIRST_INHERITED);
    return {
      workers: processes(config, [scoreboard.fd]),
      scoreboard,
      listenOn: { host, port, backlog, reusePort: true },
      bound,
      port: () => port,
    };
  },

  'ts-prethread-accept': (config) => {
    const { host, port, backlog, workers } = config;
    const bound = bind(host, port, false);
    const boundPort = portOf(bound.address());
    return {
      workers: threads(config),
      scoreboard: memoryScoreboard(workers),
      listenOn: undefined,
      copies: listenerCopies(bound, backlog),
      bound,
      port: () => boundPort,
    };
  },

  // Node's cluster: the parent accepts and distributes connections round robin to its processes.
  'ts-cluster': async (config) => {
    const { default: cluster } = await import('node:cluster');
    const { host, port, backlog, workers } = config;
    const scoreboard = fileScoreboard(workers, FIRST_INHERITED);
    cluster.schedulingPolicy = cluster.SCHED_RR;
    // With port 0 the first worker to listen chooses, and all others get the same port.
    let listening = port;
    cluster.on('listening', (_worker, address) => (listening = address.port));
    return {
      workers: processes(config, [scoreboard.fd], (exec, args, { stdio }) => {
        cluster.setupPrimary({ exec, args, stdio });
        const worker = cluster.fork();
        worker.on('error', () => undefined);
        return worker.process;
      }),
      scoreboard,
      listenOn: { host, port, backlog },
      port: () => listening,
    };
  },
};

/** Starts a server whose workers accept for themselves. */
export async function startOwnAccept(config: ServerConfig): Promise<Running> {
  const { variant, workers: size, slots, drainMs } = config;
  const listening = await LISTENING[variant]?.(config);
  if (!listening) throw new Error(`${variant} has no way of listening`);
  const { workers, scoreboard, listenOn, copies, bound } = listening;
  const maxConnections = Math.max(1, Math.floor(config.maxConnections / size));
  const total = tallyRow();

  const members = pool(workers, size, {
    ownAccept: (place) => ({ listenOn, slots, maxConnections, row: scoreboard.row(place) }),
    started: (handle) => {
      copies?.take().then(
        (server) => handle.send({ type: 'listen' }, server),
        () => handle.kill(),
      );
    },
    died: (place) => {
      const tally = scoreboard.take(place);
      addTally(total, tally);
      total.add('broken', openConnections(tally));
      members.served[place] = (members.served[place] ?? 0) + tally.served;
    },
  });
  try {
    await members.ready;
  } catch (error) {
    workers.kill();
    bound?.close();
    throw error;
  }
  // No process of this server may outlive its stop.
  await copies?.idle();

  return {
    port: listening.port(),
    workers: size,
    stop: async () => {
      // At once, so that the kernel stops accepting when the last worker closes its copy.
      bound?.close();
      const stopped = await members.stop(drainMs);
      scoreboard.close();
      await copies?.idle();
      return { tally: total.read(), ...stopped };
    },
    kill: () => workers.kill(),
  };
}
