/** The run loop: trial after trial in the plan's order, each result on disk before the next begins. */
import type { Plan, PlannedScenario, PlannedServer, Trial } from '../results/schema/plan.ts';
import type { TrialResult } from '../results/schema/trial.ts';
import type { Journal } from '../results/journal.ts';

/** What a run tells while it runs. */
export type RunEvent =
  | { readonly kind: 'trial-started'; readonly trial: Trial; readonly done: number; readonly total: number }
  | {
      readonly kind: 'trial-ended';
      readonly result: TrialResult;
      readonly tookMs: number;
      readonly done: number;
      readonly total: number;
    };

export interface RunLoop {
  readonly plan: Plan;
  /** Results that a run before this one left; their trials are not repeated. */
  readonly finished: readonly TrialResult[];
  readonly journal: Pick<Journal, 'append'>;
  /** Runs one trial; injected, so that the loop can be tested without a process. */
  readonly measure: (trial: Trial, server: PlannedServer, scenario: PlannedScenario) => Promise<TrialResult>;
  /** Adds trials after the plan's own, by the plan's precision rule. */
  readonly more: (results: readonly TrialResult[]) => readonly Trial[];
  readonly onEvent: (event: RunEvent) => void;
  readonly now: () => number;
}

/**
 * Runs what is left of the plan.
 *
 * Aborted trials are not written: they measured nothing, and a resumed run repeats them.
 *
 * @returns all results in the order they ran, those of before first
 * @throws what the journal throws when a result cannot be written; what was written before is kept
 */
export async function runPlan(loop: RunLoop, signal: AbortSignal): Promise<TrialResult[]> {
  const servers = new Map(loop.plan.servers.map((server) => [server.name, server]));
  const scenarios = new Map(loop.plan.scenarios.map((scenario) => [scenario.id, scenario]));
  const results = [...loop.finished];
  const done = new Set(results.map(({ trial }) => trial.index));
  let queue = loop.plan.trials.filter((trial) => !done.has(trial.index));
  let total = results.length + queue.length;
  while (queue.length > 0) {
    for (const trial of queue) {
      if (signal.aborted) return results;
      const server = servers.get(trial.server);
      const scenario = scenarios.get(trial.scenario);
      if (!server || !scenario)
        throw new Error(`plan: trial ${trial.index} names what the plan does not hold`);
      loop.onEvent({ kind: 'trial-started', trial, done: results.length, total });
      const begin = loop.now();
      const result = await loop.measure(trial, server, scenario);
      if (result.status === 'aborted') return results;
      loop.journal.append(result);
      results.push(result);
      loop.onEvent({ kind: 'trial-ended', result, tookMs: loop.now() - begin, done: results.length, total });
    }
    queue = [...loop.more(results)];
    total += queue.length;
  }
  return results;
}
