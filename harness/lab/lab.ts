/** The lab: a rig whose servers have a core of their own; this process, and whatever clients it starts, have the others. */
import type { Environment } from '../results/schema/run.ts';
import { readEnvironment } from '../observe/machine/environment.ts';
import { confine, type Cores } from '../rig/cores.ts';
import { openRig, type Rig } from '../rig/rig.ts';

export interface Lab extends AsyncDisposable {
  readonly rig: Rig;
  readonly environment: Environment;
  /** Where server and clients run; undefined: wherever the kernel puts them. */
  readonly cores: Cores | undefined;
}

/** Lasts until disposed, which lets this process run everywhere again. */
export async function openLab(): Promise<Lab> {
  const environment = readEnvironment();
  const confinement = await confine(environment.identity.cpusAllowed);
  const rig = openRig();
  return {
    rig,
    environment,
    cores: confinement.cores,
    async [Symbol.asyncDispose]() {
      await rig[Symbol.asyncDispose]();
      await confinement[Symbol.asyncDispose]();
    },
  };
}
