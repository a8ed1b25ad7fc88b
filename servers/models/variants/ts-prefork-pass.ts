import type { StartServer } from '../model.ts';
import { startHandOff } from '../pool/hand-off.ts';
import { workerPool } from '../pool/worker-pool.ts';
import { processes } from '../worker/workers.ts';

/** The parent accepts and passes each descriptor to a process of a pool, idle first (Stevens' design 5). */
export const start: StartServer = (config, service) =>
  startHandOff(config, service, (events) => workerPool(config, processes(config), events));
