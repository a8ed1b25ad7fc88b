import { UnfitError } from '../../errors.ts';
import { parseAuxv, type KernelUnits } from '../parse/auxv.ts';
import { ProcFs } from '../proc-fs.ts';
import { isUnreadable } from '../types.ts';

/** The length of a clock tick and the size of a page on this machine. Throws `UnfitError` without a Linux /proc. */
export function readKernelUnits(proc = new ProcFs()): KernelUnits {
  const bytes = proc.read('self/auxv');
  const units = isUnreadable(bytes) ? bytes : parseAuxv(bytes);
  if (isUnreadable(units)) {
    throw new UnfitError(
      `${proc.root}/self/auxv cannot be read (${units.unreadable}): observing servers needs Linux with /proc mounted`,
    );
  }
  return units;
}
