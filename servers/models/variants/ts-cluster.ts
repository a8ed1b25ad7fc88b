import cluster from 'node:cluster';
import type { StartServer } from '../model.ts';
import { startOwnAccept } from '../pool/own-accept.ts';
import { fileScoreboard } from '../pool/scoreboard.ts';
import { sharing } from '../worker/workers.ts';
import { processSetup } from '../worker/start.ts';
import type { StartOne } from '../worker/start.ts';
import type { FromWorker } from '../worker/protocol.ts';
import { whenOver } from '../worker/when-over.ts';

/** The scoreboard as the workers inherit it, after the channel to the parent (3). */
const SCOREBOARD = 4;

/** Node's own way: the parent accepts and deals connections round robin to the event loops of its processes. */
export const start: StartServer = (config) => {
  const { host, backlog, workers } = config;
  const scoreboard = fileScoreboard(workers, SCOREBOARD);
  let { port } = config;
  cluster.schedulingPolicy = cluster.SCHED_RR;
  // With port 0 the first worker that listens decides, and all others get the same.
  cluster.on('listening', (_worker, address) => ({ port } = address));
  return startOwnAccept(config, {
    port: () => port,
    start: sharing(config, startClusterWorker(scoreboard.fd)),
    listenOn: { host, port: config.port, backlog },
    scoreboard,
    release: () => undefined,
  });
};

function startClusterWorker(scoreboard: number): StartOne {
  return (spec, events, hub) => {
    const { args, stdio, attach } = processSetup(spec, [scoreboard], hub);
    cluster.setupPrimary({ exec: spec.service.program, args, stdio });
    const worker = cluster.fork();
    const child = worker.process;
    attach(child);
    worker.on('message', (message) => events.message(message as FromWorker));
    worker.on('error', () => undefined);
    whenOver(child, () => events.exit());
    return {
      pid: child.pid ?? 0,
      send: (message) => {
        if (worker.isConnected()) worker.send(message, undefined, () => undefined);
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
