/** The limits of this machine that decide how many connections it can hold. */
import type { Environment } from '../observe/machine/environment.ts';
import type { MachineLimits } from './capacity.ts';

/** Linux' own defaults, for a kernel that does not tell. */
const USUAL_FILES = 1024;
const USUAL_PORTS = { low: 32_768, high: 60_999 };

/** The limits among the facts of the environment. Node raises its soft limit of open files to the hard one. */
export function machineLimits({ identity, state }: Environment): MachineLimits {
  const [low, high] = String(identity.portRange ?? '')
    .split(' ')
    .map(Number);
  return {
    filesPerProcess: identity.openFiles ? (identity.openFiles.hard ?? Number.MAX_SAFE_INTEGER) : USUAL_FILES,
    portRange: low && high ? { low, high } : USUAL_PORTS,
    availableBytes: state.memoryAvailableBytes ?? Number.MAX_SAFE_INTEGER,
  };
}
