/** What else the machine did meanwhile. */
import type { Run } from '../../results/run.ts';
import type { CompletedTrial } from '../../results/schema/trial.ts';
import type { Warning } from '../../results/schema/summary.ts';
import type { CellTrials } from '../cells/cell-trials.ts';
import { formatPercent } from '../text/format.ts';
import { counted } from '../text/phrases.ts';
import { keyOf } from './affected.ts';

/** What was taken from the trials of a cell is a disturbance from this share of one core on … */
const STEAL_SHARE = 0.05;
const FOREIGN_SHARE = 0.1;
/** … and from so much time on: the kernel counts in ticks of 10 ms, and one tick more or less is nothing. */
const LEAST_MS = 50;

/** Time that the hypervisor gave to somebody else. */
export function steal(cells: readonly CellTrials[]): Warning | undefined {
  const disturbed = disturbances(cells, ({ kernel }) => kernel.stealMs, STEAL_SHARE);
  return (
    disturbed && {
      code: 'steal',
      message: `The hypervisor took time from this machine: ${disturbed.text}.`,
      advice:
        'Elapsed times and tails are longer for it; CPU times are not. Measure again at a quieter time.',
      cells: disturbed.cells,
    }
  );
}

/** CPU time of processes that are neither the server nor the harness. */
export function foreignLoad(cells: readonly CellTrials[]): Warning | undefined {
  const disturbed = disturbances(cells, ({ kernel }) => kernel.foreignCpuMs, FOREIGN_SHARE);
  return (
    disturbed && {
      code: 'foreign-load',
      message: `Other processes used CPU during the trials: ${disturbed.text}.`,
      advice: 'Stop what else runs here, and measure again.',
      cells: disturbed.cells,
    }
  );
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

interface Disturbed {
  readonly text: string;
  readonly cells: NonNullable<Warning['cells']>;
}

/** CPU time of other processes while the load of a cell ran, in cores. */
export function foreignCores(cell: CellTrials): number {
  return taken(cell, ({ kernel }) => kernel.foreignCpuMs).cores;
}

function taken(
  { completed }: CellTrials,
  takenMs: (trial: CompletedTrial) => number | null,
): { readonly ms: number; readonly cores: number } {
  const ms = completed.reduce((sum, trial) => sum + (takenMs(trial) ?? 0), 0);
  const loadMs = completed.reduce((sum, { phases }) => sum + phases.loadMs, 0);
  return { ms, cores: loadMs > 0 ? ms / loadMs : 0 };
}

function disturbances(
  cells: readonly CellTrials[],
  takenMs: (trial: CompletedTrial) => number | null,
  limit: number,
): Disturbed | undefined {
  const disturbed = cells.flatMap((cell) => {
    const { ms, cores } = taken(cell, takenMs);
    return ms >= LEAST_MS && cores > limit ? [{ cell, cores }] : [];
  });
  const [worst] = disturbed.toSorted((a, b) => b.cores - a.cores);
  if (!worst) return undefined;
  const { server, clients } = worst.cell;
  return {
    text:
      `more than ${formatPercent(limit)} of a core in ${counted(disturbed.length, 'cell')}, at worst ` +
      `${formatPercent(worst.cores, 2)} (${server.name} with ${counted(clients, 'client')})`,
    cells: disturbed.map(({ cell }) => keyOf(cell)),
  };
}
