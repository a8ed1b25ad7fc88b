import type { Model } from '../model.ts';
import { startSingle } from '../connection/single.ts';

/** One event loop serves all connections (single process, event driven: SPED). */
export const model: Model = { id: 'ts-loop', start: startSingle };
