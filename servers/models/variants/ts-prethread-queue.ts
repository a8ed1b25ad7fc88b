import type { StartServer } from '../model.ts';
import { startHandOff } from '../pool/hand-off.ts';
import { workerPool } from '../pool/worker-pool.ts';
import { threads } from '../worker/workers.ts';

/** The main thread accepts and moves each connection to a Worker of a pool, idle first (Stevens' design 8). */
export const start: StartServer = (config, service) =>
  startHandOff(config, service, (events) => workerPool(config, threads(config), events));
