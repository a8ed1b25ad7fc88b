import { startHandOff } from '../pool/hand-off.ts';
import type { Model } from '../model.ts';
import { poolCrew } from '../pool/worker-pool.ts';
import { processes } from '../worker/workers.ts';

/** The parent accepts and passes each descriptor to a process of a pool, idle first (Stevens' design 5). */
export const model: Model = {
  id: 'ts-prefork-pass',
  start: (config) => startHandOff(config, (events) => poolCrew(config, processes(), events), config.workers),
};
