import { startHandOff } from '../pool/hand-off.ts';
import type { Model } from '../model.ts';
import { poolCrew } from '../pool/worker-pool.ts';
import { threads } from '../worker/workers.ts';

/** The main thread accepts and moves each connection to a Worker of a pool, idle first (Stevens' design 8). */
export const model: Model = {
  id: 'ts-prethread-queue',
  start: (config) => startHandOff(config, (events) => poolCrew(config, threads(), events), config.workers),
};
