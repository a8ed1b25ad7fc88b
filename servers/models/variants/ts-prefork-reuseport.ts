import { bind, portOf } from '../connection/listen.ts';
import type { StartServer } from '../model.ts';
import { startOwnAccept } from '../pool/own-accept.ts';
import { fileScoreboard } from '../pool/scoreboard.ts';
import { processes } from '../worker/workers.ts';

/** The scoreboard as the workers inherit it, after the channel to the parent (3). */
const SCOREBOARD = 4;

/** Each process of a pool has a listening socket of its own on one port, by SO_REUSEPORT (nginx `reuseport`). */
export const start: StartServer = (config) => {
  const { host, backlog, workers } = config;
  // With SO_REUSEPORT a port in use would be shared in silence. Without, the kernel says so.
  if (config.port !== 0) bind(host, config.port, false).close();
  // Bound and never listening, it holds the port; the kernel gives connections to listening sockets only.
  const reserved = bind(host, config.port, true);
  const port = portOf(reserved.address());
  const scoreboard = fileScoreboard(workers, SCOREBOARD);
  return startOwnAccept(config, {
    port: () => port,
    start: processes(config, scoreboard.fd),
    listenOn: { host, port, backlog, reusePort: true },
    scoreboard,
    release: () => reserved.close(),
  });
};
