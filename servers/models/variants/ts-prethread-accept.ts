import { bind, portOf } from '../connection/listen.ts';
import { listenerCopies } from '../pool/listener-copies.ts';
import type { StartServer } from '../model.ts';
import { startOwnAccept } from '../pool/own-accept.ts';
import { memoryScoreboard } from '../pool/scoreboard.ts';
import { threads } from '../worker/workers.ts';

/** Each Worker of a pool accepts from its own copy of one listening socket (Stevens' design 7, without the mutex). */
export const start: StartServer = async (config) => {
  const { host, port, backlog, workers } = config;
  const bound = bind(host, port, false);
  const boundPort = portOf(bound.address());
  const copies = listenerCopies(bound, backlog);
  const running = await startOwnAccept(config, {
    port: () => boundPort,
    start: threads(config),
    listenOn: undefined,
    scoreboard: memoryScoreboard(workers),
    copy: () => copies.take(),
    release: () => {
      bound.close();
      return copies.idle();
    },
  });
  // Whoever stops this server finds no process of its left.
  await copies.idle();
  return running;
};
