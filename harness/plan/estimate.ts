/** How long a plan will take: a rough estimate from each architecture's capacity, corrected as trials finish. */
import type { Plan, PlannedScenario, PlannedServer, Trial } from '../results/schema/plan.ts';

/** Spawn, ready and stop of a server, and the start of the clients, in ms: the order of magnitude of a node process. */
const LIFE_OF_A_SERVER_MS = 350;
/** What one client costs on top of its held time when none waits, in ms (connect, exchanges, close; both sides). */
const COST_OF_A_CLIENT_MS = 0.4;

/** Estimated wall-clock time of one trial, in ms. */
export function estimateTrialMs(trial: Trial, server: PlannedServer, scenario: PlannedScenario): number {
  const slots = slotsOf(server);
  const rounds = slots === Infinity ? 1 : Math.ceil(trial.clients / slots);
  const waiting = Math.min((rounds - 1) * scenario.idealMs, scenario.traits?.patienceMs ?? Infinity);
  const load = Math.min(trial.deadlineMs, scenario.idealMs + waiting + trial.clients * COST_OF_A_CLIENT_MS);
  return LIFE_OF_A_SERVER_MS + load;
}

function slotsOf(server: PlannedServer): number {
  if (server.analytic?.kind === 'iterative') return 1;
  return server.analytic?.kind === 'pool' ? server.analytic.slots : Infinity;
}

/** Estimated wall-clock times of all trials of a plan, in ms, by index. */
export function estimatePlan(plan: Plan): number[] {
  const servers = new Map(plan.servers.map((server) => [server.name, server]));
  const scenarios = new Map(plan.scenarios.map((scenario) => [scenario.id, scenario]));
  return plan.trials.map((trial) => {
    const server = servers.get(trial.server);
    const scenario = scenarios.get(trial.scenario);
    return server && scenario ? estimateTrialMs(trial, server, scenario) : LIFE_OF_A_SERVER_MS;
  });
}

/**
 * Time left, in ms: what has finished tells how wrong the estimates are. A trial like one that has run takes as long
 * as that did; the others take their estimate times the overall ratio of what was to what was expected.
 */
export class TimeLeft {
  readonly #plan: Plan;
  readonly #estimates: readonly number[];
  readonly #seen = new Map<string, number>();
  readonly #done = new Set<number>();
  #expectedMs = 0;
  #actualMs = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#estimates = estimatePlan(plan);
  }

  /** Notes that a trial took so long. */
  finished(trial: Trial, tookMs: number): void {
    this.#done.add(trial.index);
    this.#seen.set(likeness(trial), tookMs);
    this.#expectedMs += this.#estimates[trial.index] ?? 0;
    this.#actualMs += tookMs;
  }

  /** Estimated time until the plan is done, in ms. */
  leftMs(): number {
    const ratio = this.#expectedMs > 0 ? this.#actualMs / this.#expectedMs : 1;
    let left = 0;
    for (const trial of this.#plan.trials) {
      if (this.#done.has(trial.index)) continue;
      left += this.#seen.get(likeness(trial)) ?? (this.#estimates[trial.index] ?? 0) * ratio;
    }
    return left;
  }
}

function likeness(trial: Trial): string {
  return `${trial.server}\0${trial.scenario}\0${trial.clients}`;
}
