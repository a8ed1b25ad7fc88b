/** What a run says on stderr: its plan; then a live line with time left on a terminal, one per finished cell elsewhere. */
import { counted } from '../../analysis/text/phrases.ts';
import { TimeLeft, type PlanEstimate } from '../../plan/estimate.ts';
import { formatPercent } from '../../analysis/text/format.ts';
import type { Plan } from '../../results/schema/plan.ts';
import type { TrialResult } from '../../results/schema/trial.ts';
import type { RunEvent } from '../../run/run-loop.ts';
import { formatDuration } from '../../scenario/duration.ts';
import { liveLine, type Io } from '../io.ts';

/** What will be measured, in which order, and how long that will take: a few lines; ends with a line end. */
export function describePlan(plan: Plan, finished: readonly TrialResult[], estimate: PlanEstimate): string {
  const done = new Set(finished.map(({ trial }) => trial.index));
  const left = estimate.trialMs.reduce((sum, ms, i) => sum + (done.has(i) ? 0 : ms), 0);
  const cells = plan.servers.length * plan.scenarios.length * plan.clients.length;
  const ramp = plan.rampMs > 0 ? `, starting over ${formatDuration(plan.rampMs)}` : '';
  const before = done.size > 0 ? `; ${done.size} are finished` : '';
  const lines = [
    ['servers', plan.servers.map(({ name }) => name).join(', ')],
    ...(plan.leftOut ?? []).map(({ server, why }) => ['left out', `${server}: ${why}`]),
    ...plan.scenarios.map(({ id, parameters }) => {
      const values = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
      return ['scenario', `${id}: ${values.join(' ')}`];
    }),
    ['clients', plan.clients.join(', ') + ramp],
    [
      'trials',
      `${plan.trials.length} (${cells} cells × ${plan.trialsPerCell}), order from seed ${plan.seed}${before}`,
    ],
    ['time', `about ${formatDuration(Math.max(1000, Math.round(left / 1000) * 1000))}, ${basisOf(estimate)}`],
  ];
  return `${lines.map(([label, text]) => `${(label ?? '').padEnd(9)}${text}`).join('\n')}\n`;
}

/** What the estimate is made of. */
function basisOf({ known }: PlanEstimate): string {
  if (known === 1) return 'from what these servers took here before';
  const basis = 'estimated from how fast a process starts here';
  return known === 0
    ? basis
    : `${formatPercent(known)} of it from what servers took here before, the rest ${basis}`;
}

/** Follows a run and writes what a person wants to know of it. */
export function progress(
  plan: Plan,
  finished: readonly TrialResult[],
  estimate: PlanEstimate,
  io: Io,
  quiet: boolean,
): (event: RunEvent) => void {
  if (quiet) return () => {};
  const left = new TimeLeft(plan, estimate);
  const cells = new Map<string, TrialResult[]>();
  /** @returns the results of its cell so far */
  const note = (result: TrialResult, tookMs: number): readonly TrialResult[] => {
    left.finished(result.trial, tookMs);
    const cell = cells.get(cellOf(result)) ?? [];
    cells.set(cellOf(result), cell);
    cell.push(result);
    return cell;
  };
  for (const result of finished) {
    const { spawnMs, readyMs, warmMs = 0, prepareMs, loadMs, stopMs } = result.phases;
    note(result, spawnMs + readyMs + warmMs + prepareMs + loadMs + stopMs);
  }
  return (event) => {
    const { done, total } = event;
    if (event.kind === 'trial-started') {
      if (!io.live) return;
      const { server, scenario, clients } = event.trial;
      const what = `${server} · ${scenario} · ${counted(clients, 'client')}`;
      const remaining = formatDuration(Math.round(left.leftMs() / 1000) * 1000);
      liveLine(io, `  ${done}/${total}  ${remaining} left  ${what}`);
      return;
    }
    const { result } = event;
    const cell = note(result, event.tookMs);
    if (result.status === 'failed') {
      liveLine(io, '');
      io.err(`failed: ${cellOf(result)}: ${result.failure.message}\n`);
    } else if (!io.live && cell.length === plan.trialsPerCell) {
      io.err(`${done}/${total} ${cellOf(result)}: ${elapsedOf(cell)}\n`);
    }
    if (done === total) liveLine(io, '');
  };
}

function cellOf({ trial }: TrialResult): string {
  return `${trial.server} ${trial.scenario} ${trial.clients}`;
}

/** What a finished cell showed. */
function elapsedOf(cell: readonly TrialResult[]): string {
  const elapsed = cell.flatMap((result) => (result.status === 'completed' ? result.load.elapsedMs : []));
  if (elapsed.length === 0) return 'every trial failed';
  const [least, most] = [Math.min(...elapsed), Math.max(...elapsed)];
  return `elapsed ${formatDuration(least)} to ${formatDuration(most)} over ${elapsed.length} of ${cell.length} trials`;
}
