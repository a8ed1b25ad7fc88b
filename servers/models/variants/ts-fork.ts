import type { StartServer } from '../model.ts';
import { startHandOff } from '../pool/hand-off.ts';
import { workerPerConnection } from '../pool/worker-per-connection.ts';
import { processes } from '../worker/workers.ts';

/** A process a connection; its descriptor is passed to it (Stevens' design 1). */
export const start: StartServer = (config, service) =>
  startHandOff(config, service, (events) => workerPerConnection(processes(config), events));
