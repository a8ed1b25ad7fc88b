import { startSingle } from '../connection/single.ts';

/** One connection at a time; the others wait in the kernel's accept queue (Stevens' design 0). */
export const start = startSingle;
