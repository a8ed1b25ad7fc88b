/** The lab: a rig, and a core of their own for the servers; the clients have the others. */
import type { Environment } from '../results/schema/run.ts';
import { readEnvironment } from '../observe/machine/environment.ts';
import { confine, type Cores } from '../rig/cores.ts';
import { openRig, type Rig } from '../rig/rig.ts';
import type { Measured } from './rounds.ts';

export interface Lab extends AsyncDisposable {
  readonly rig: Rig;
  readonly environment: Environment;
  /** Where server and clients run; undefined: wherever the kernel puts them. */
  readonly cores: Cores | undefined;
}

/** What was measured in rounds, and on which cores. */
export type MeasuredHere<Figure> = Measured<Figure> & Pick<Lab, 'cores'>;

/** Keeps this process, and whatever clients it starts, off the server's core until disposed. */
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
