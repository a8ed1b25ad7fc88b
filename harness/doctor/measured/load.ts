/** What the doctor's measurements share: the rig and the load backend that runs use too, and a way to stop. */
import type { LoadBackend } from '../../load/backend.ts';
import type { LoadResult } from '../../results/schema/load.ts';
import type { LineProcess } from '../../rig/line-process.ts';
import { LOOPBACK, type Rig } from '../../rig/rig.ts';

export interface Measuring {
  readonly rig: Rig;
  readonly backend: LoadBackend;
  /** Stops the measurements. */
  readonly signal: AbortSignal;
}

/**
 * Starts a server that says on stdout when it is ready, and on which port.
 *
 * @throws UnfitError when it does not get ready; the signal's reason when aborted
 */
export async function startServer(
  command: readonly string[],
  { rig, signal }: Measuring,
): Promise<LineProcess> {
  return await rig.startLineProcess({ name: 'doctor-server', command }, signal);
}

/** One load of the doctor, over loopback. */
export interface DoctorLoad {
  readonly scenarioModule: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly port: number;
  /** Default {@link LOOPBACK}. */
  readonly host?: string;
  readonly clients: number;
  /** What passes before anything is recorded, in ms. */
  readonly warmupMs: number;
}

const DEADLINE_MS = 15_000;

/** Prepares a load; what it returns starts it. @throws the signal's reason when aborted */
export async function runLoad(
  { backend, signal }: Measuring,
  load: DoctorLoad,
  onStart?: () => void,
): Promise<LoadResult> {
  await using fleet = await backend.acquire(
    { ...load, hosts: [load.host ?? LOOPBACK], seed: 1, deadlineMs: DEADLINE_MS, folder: '/nowhere' },
    signal,
  );
  await fleet.prepare();
  const running = fleet.run(signal);
  onStart?.();
  const result = await running;
  signal.throwIfAborted();
  return result;
}

/** Parameters of plain echo exchanges of 64 bytes for so long. */
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
