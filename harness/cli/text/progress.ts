/** Progress of a run on stderr: a live line with time left on a terminal, one line per finished cell elsewhere. */
import { TimeLeft } from '../../plan/estimate.ts';
import type { Plan } from '../../results/schema/plan.ts';
import type { TrialResult } from '../../results/schema/trial.ts';
import type { RunEvent } from '../../run/run-loop.ts';
import { formatDuration } from '../../scenario/duration.ts';
import { liveLine, type Io } from '../io.ts';

/** Follows a run and writes what a person wants to know of it. */
export function progress(
  plan: Plan,
  finished: readonly TrialResult[],
  io: Io,
  quiet: boolean,
): (event: RunEvent) => void {
  if (quiet) return () => {};
  const left = new TimeLeft(plan);
  const cells = new CellCounts(plan);
  for (const result of finished) {
    left.finished(result.trial, tookMs(result));
    cells.ended(result);
  }
  return (event) => {
    if (event.kind === 'trial-started') {
      if (!io.live) return;
      const { trial, done, total } = event;
      const bar = `${done}/${total}`;
      const what = `${trial.server} · ${trial.scenario} · ${trial.clients} clients`;
      liveLine(io, `  ${bar}  ${formatDuration(Math.round(left.leftMs() / 1000) * 1000)} left  ${what}`);
      return;
    }
    const { result } = event;
    left.finished(result.trial, event.tookMs);
    const cell = cells.ended(result);
    if (result.status === 'failed') {
      note(io, `failed: ${name(result)}: ${result.failure.message}`);
    } else if (!io.live && cell) {
      io.err(`${event.done}/${event.total} ${name(result)}: ${cell}\n`);
    }
    if (event.done === event.total) liveLine(io, '');
  };
}

/** Writes a line that stays, above the live one. */
function note(io: Io, text: string): void {
  liveLine(io, '');
  io.err(`${text}\n`);
}

function name({ trial }: TrialResult): string {
  return `${trial.server} ${trial.scenario} ${trial.clients}`;
}

function tookMs({ phases }: TrialResult): number {
  return phases.spawnMs + phases.readyMs + phases.prepareMs + phases.loadMs + phases.stopMs;
}

/** Counts trials a cell, and says what a finished cell showed. */
class CellCounts {
  readonly #planned: number;
  readonly #elapsed = new Map<string, number[]>();
  readonly #seen = new Map<string, number>();

  constructor(plan: Plan) {
    this.#planned = plan.trialsPerCell;
  }

  /** The line of a cell whose last planned trial this is, or undefined. */
  ended(result: TrialResult): string | undefined {
    const key = name(result);
    const seen = (this.#seen.get(key) ?? 0) + 1;
    this.#seen.set(key, seen);
    const elapsed = this.#elapsed.get(key) ?? [];
    this.#elapsed.set(key, elapsed);
    if (result.status === 'completed') elapsed.push(result.load.elapsedMs);
    if (seen !== this.#planned) return undefined;
    if (elapsed.length === 0) return 'every trial failed';
    const sorted = elapsed.toSorted((a, b) => a - b);
    const ends = `${formatDuration(sorted[0] ?? Number.NaN)} to ${formatDuration(sorted.at(-1) ?? Number.NaN)}`;
    return `elapsed ${ends} over ${elapsed.length} of ${seen} trials`;
  }
}
