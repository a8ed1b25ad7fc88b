import { formatValue } from '../../analysis/text/format.ts';
import { atLeast, check, unknown } from '../finding.ts';

/** A generator, a server with a pool of eight Node processes, and room for the kernel's buffers. */
const ENOUGH_BYTES = 1e9;
const LEAST_BYTES = 250e6;

/** What can be had without swapping. */
export const memory = check('memory', ({ environment: { identity, state } }) => {
  const limit = identity.cgroupLimits.memoryBytes ?? Infinity;
  const bytes = Math.min(state.memoryAvailableBytes ?? Infinity, limit);
  if (bytes === Infinity) return unknown('The kernel does not say how much memory is available.');
  const figure = formatValue(bytes, 'bytes');
  return {
    status: atLeast(bytes, ENOUGH_BYTES, LEAST_BYTES),
    figure,
    message: `${figure} of memory is available without swapping.`,
    advice: 'Stop other programs; pools of processes and many clients will not fit.',
  };
});
