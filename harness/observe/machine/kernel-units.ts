import { UnfitError } from '../../errors.ts';
import { ProcFs } from '../proc-fs.ts';
import { isUnreadable, type Unreadable } from '../unreadable.ts';
import { malformed } from '../parse/scan.ts';

/** The units of the kernel's figures about processes. */
export interface KernelUnits {
  /** Nanoseconds in a clock tick of /proc/<pid>/stat: 10,000,000 on x86-64 and arm64. */
  readonly tickNs: number;
  /** Bytes in a page: 4,096, on some arm64 kernels 16,384 or 65,536. */
  readonly pageBytes: number;
}

const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;

/**
 * Parses /proc/self/auxv of a 64-bit little-endian process: pairs of 64-bit type and value (getauxval(3)). It is the
 * source of sysconf(_SC_CLK_TCK) and sysconf(_SC_PAGESIZE), which Node lacks.
 */
export function parseAuxv(bytes: Buffer): KernelUnits | Unreadable {
  const values = new Map<bigint, bigint>();
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    values.set(bytes.readBigUInt64LE(at), bytes.readBigUInt64LE(at + 8));
  }
  const pageBytes = Number(values.get(AT_PAGESZ) ?? 0n);
  const ticksPerSecond = Number(values.get(AT_CLKTCK) ?? 0n);
  if (pageBytes === 0 || ticksPerSecond === 0) return malformed('auxv');
  return { tickNs: 1e9 / ticksPerSecond, pageBytes };
}

/** The units of this machine. @throws UnfitError without a Linux /proc */
export function readKernelUnits(proc = new ProcFs()): KernelUnits {
  const bytes = proc.read('self/auxv');
  const units = isUnreadable(bytes) ? bytes : parseAuxv(bytes);
  if (isUnreadable(units)) {
    throw new UnfitError(
      `${proc.root}/self/auxv cannot be read (${units.unreadable}): observing servers needs Linux with /proc mounted.`,
    );
  }
  return units;
}
