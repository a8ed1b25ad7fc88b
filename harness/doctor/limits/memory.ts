import { formatValue } from '../../analysis/text/format.ts';
import type { Finding } from '../finding.ts';
import type { MachineFacts } from '../facts.ts';

/** A generator, a server with a pool of eight Node processes, and room for the kernel's buffers. */
const ENOUGH_BYTES = 1e9;
const LEAST_BYTES = 250e6;

/** What can be had without swapping. */
export function memory({ environment }: MachineFacts): Finding {
  const { memoryAvailableBytes } = environment.state;
  const limit = environment.identity.cgroupLimits.memoryBytes ?? Infinity;
  const bytes = Math.min(memoryAvailableBytes ?? Infinity, limit);
  if (bytes === Infinity) {
    return {
      id: 'memory',
      status: 'ok',
      figure: 'not told',
      message: 'The kernel does not tell how much memory is free.',
      advice: null,
    };
  }
  const figure = formatValue(bytes, 'bytes');
  return {
    id: 'memory',
    status: bytes >= ENOUGH_BYTES ? 'ok' : bytes >= LEAST_BYTES ? 'warn' : 'fail',
    figure,
    message: `${figure} of memory can be had without swapping.`,
    advice:
      bytes >= ENOUGH_BYTES ? null : 'Stop other programs; pools of processes and many clients will not fit.',
  };
}
