import type { StartServer } from '../model.ts';
import { startHandOff } from '../pool/hand-off.ts';
import { workerPerConnection } from '../pool/worker-per-connection.ts';
import { threads } from '../worker/workers.ts';

/** A Worker a connection; the socket moves to it (Stevens' design 6). */
export const start: StartServer = (config, service) =>
  startHandOff(config, service, (events) => workerPerConnection(threads(config), events));
