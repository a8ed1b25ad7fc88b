/** What else the machine did meanwhile. */
import type { Run } from '../../results/run.ts';
import type { CompletedTrial } from '../../results/schema/trial.ts';
import type { Warning } from '../../results/schema/summary.ts';
import type { CellTrials } from '../cells/cell-trials.ts';
import { formatPercent } from '../text/format.ts';
import { counted } from '../text/phrases.ts';
import { keyOf } from './trial-warnings.ts';

/** What takes CPU time from a trial, and how much of it in cores is a disturbance. */
const DISTURBANCES: readonly Disturbance[] = [
  {
    code: 'steal',
    takenMs: ({ kernel }) => kernel.stealMs,
    limit: 0.05,
    what: 'The hypervisor took time from this machine',
    advice: 'Elapsed times and tails are longer for it; CPU times are not. Measure again at a quieter time.',
  },
  {
    code: 'foreign-load',
    takenMs: foreignCpuMs,
    limit: 0.1,
    what: 'Other processes used CPU during the trials',
    advice: 'Stop what else runs here, and measure again.',
  },
];
/** Less counts as nothing: the kernel counts in ticks of 10 ms. */
const LEAST_MS = 50;

interface Disturbance extends Pick<Warning, 'code' | 'advice'> {
  readonly takenMs: TakenMs;
  readonly limit: number;
  readonly what: string;
}

type TakenMs = (trial: CompletedTrial) => number | null;

/** Time that the hypervisor gave to somebody else, and that neither the server nor the harness used. */
export function disturbances(cells: readonly CellTrials[]): Warning[] {
  return DISTURBANCES.flatMap(({ code, takenMs, limit, what, advice }) => {
    const disturbed = cells.flatMap((cell) => {
      const { ms, cores } = taken(cell, takenMs);
      return ms >= LEAST_MS && cores > limit ? [{ cell, cores }] : [];
    });
    const [worst] = disturbed.toSorted((a, b) => b.cores - a.cores);
    if (!worst) return [];
    const { server, clients } = worst.cell;
    const message =
      `${what}: more than ${formatPercent(limit)} of a core in ${counted(disturbed.length, 'cell')}, at worst ` +
      `${formatPercent(worst.cores, 2)} (${server.name} with ${counted(clients, 'client')}).`;
    return [{ code, message, advice, cells: disturbed.map(({ cell }) => keyOf(cell)) }];
  });
}

/** A frequency governor that changes the clock by load makes a light load look slow. */
export function governor({ environment }: Run): Warning | undefined {
  const { governor } = environment.state;
  if (governor === null || governor === 'performance') return undefined;
  return {
    code: 'governor',
    message: `The frequency governor was "${governor}": the clock of the CPU follows the load.`,
    advice: 'Set it to "performance" while you measure (cpupower frequency-set -g performance).',
  };
}

function foreignCpuMs({ kernel }: CompletedTrial): number | null {
  return kernel.foreignCpuMs;
}

function taken({ completed }: CellTrials, takenMs: TakenMs): { readonly ms: number; readonly cores: number } {
  const ms = completed.reduce((sum, trial) => sum + (takenMs(trial) ?? 0), 0);
  const loadMs = completed.reduce((sum, { phases }) => sum + phases.loadMs, 0);
  return { ms, cores: loadMs > 0 ? ms / loadMs : 0 };
}
