/** What all launches of a duet are made with: the rig of every command, two generators and two cores, as long as it lasts. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadBackend } from '../../load/backend.ts';
import { openRig, type Rig } from '../../rig/rig.ts';
import type { Timing } from '../../results/schema/duet-plan.ts';

export interface DuetRig extends AsyncDisposable {
  readonly rig: Pick<Rig, 'startServer' | 'startLineProcess'>;
  /** Generators, one process each; which drives the base is drawn for each launch. */
  readonly backends: readonly [LoadBackend, LoadBackend];
  /** The cores of the two arms; null where there is only one. */
  readonly cores: readonly [number, number] | null;
  readonly timing: Timing;
  /** Where clients may keep files. */
  readonly files: string;
}

/** @param folder logs and files of clients go below it */
export function openDuetRig(
  folder: string,
  timing: Timing,
  cores: readonly [number, number] | null,
): DuetRig {
  const rig = openRig({ logs: join(folder, 'logs') });
  const files = join(folder, 'files');
  mkdirSync(files, { recursive: true });
  return {
    rig,
    backends: [rig.loadBackend(), rig.loadBackend()],
    cores,
    timing,
    files,
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}
