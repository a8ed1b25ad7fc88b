/** What the doctor's measurements share: the rig and the load backend that runs use too, and a way to stop. */
import type { LoadBackend, LoadSpec } from '../../load/backend.ts';
import type { LoadResult } from '../../results/schema/load.ts';
import { LOOPBACK, type Rig } from '../../rig/rig.ts';

export interface Measuring {
  readonly rig: Rig;
  readonly backend: LoadBackend;
  /** Stops the measurements. */
  readonly signal: AbortSignal;
}

/** One load of the doctor. */
type DoctorLoad = Pick<LoadSpec, 'scenarioModule' | 'parameters' | 'port' | 'clients' | 'warmupMs'> &
  Partial<LoadSpec>;

const DEADLINE_MS = 15_000;

/** Makes a load, over loopback unless it says otherwise. @throws the signal's reason when aborted */
export async function runLoad(
  { backend, signal }: Measuring,
  load: DoctorLoad,
  onStart?: () => void,
): Promise<LoadResult> {
  await using fleet = await backend.acquire(
    { hosts: [LOOPBACK], seed: 1, deadlineMs: DEADLINE_MS, folder: '/nowhere', ...load },
    signal,
  );
  await fleet.prepare();
  const running = fleet.run(signal);
  onStart?.();
  const result = await running;
  signal.throwIfAborted();
  return result;
}

/** Plain echo exchanges of 64 bytes for so long. */
export function echoFor(
  durationMs: number,
  ratePerSecond = 0,
): Pick<DoctorLoad, 'scenarioModule' | 'parameters'> {
  return {
    scenarioModule: 'builtin:echo',
    parameters: {
      duration: durationMs,
      size: 64,
      think: '0',
      rate: ratePerSecond,
      arrivals: 'constant',
      raw: true,
    },
  };
}
