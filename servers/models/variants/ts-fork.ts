import { startHandOff } from '../pool/hand-off.ts';
import type { Model } from '../model.ts';
import { processes } from '../worker/workers.ts';
import { singleUseCrew } from '../pool/worker-per-connection.ts';

/** A process a connection; its descriptor is passed to it (Stevens' design 1). */
export const model: Model = {
  id: 'ts-fork',
  start: (config) => startHandOff(config, (events) => singleUseCrew(config, processes(), events), 0),
};
