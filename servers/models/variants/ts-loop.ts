import { startSingle } from '../connection/single.ts';

/** One event loop serves all connections (single process, event driven: SPED). */
export const start = startSingle;
