import { startHandOff } from '../pool/hand-off.ts';
import type { Model } from '../model.ts';
import { threads } from '../worker/workers.ts';
import { singleUseCrew } from '../pool/worker-per-connection.ts';

/** A Worker a connection; the socket moves to it (Stevens' design 6). */
export const model: Model = {
  id: 'ts-thread',
  start: (config) => startHandOff(config, (events) => singleUseCrew(config, threads(), events), 0),
};
