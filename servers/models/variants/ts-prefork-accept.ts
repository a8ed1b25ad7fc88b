import { bind, portOf } from '../connection/listen.ts';
import type { StartServer } from '../model.ts';
import { startOwnAccept } from '../pool/own-accept.ts';
import { fileScoreboard } from '../pool/scoreboard.ts';
import { processes } from '../worker/workers.ts';

/** Descriptors as the workers inherit them, after the channel to the parent (3). */
const LISTENER = 4;
const SCOREBOARD = 5;

/** Each process of a pool accepts from its copy of one listening socket (Stevens' design 2; Apache prefork, nginx). */
export const start: StartServer = (config) => {
  const { host, port, backlog, workers } = config;
  const bound = bind(host, port, false);
  const boundPort = portOf(bound.address());
  const scoreboard = fileScoreboard(workers, SCOREBOARD);
  return startOwnAccept(config, {
    port: () => boundPort,
    start: processes(config, bound.fd(), scoreboard.fd),
    listenOn: { fd: LISTENER, backlog },
    scoreboard,
    release: () => bound.close(),
  });
};
