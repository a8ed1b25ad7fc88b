/** How long a plan will take: from what its trials took here before, from usual figures otherwise, and from the run as it goes. */
import type { KnownCosts } from '../results/schema/costs.ts';
import type { Plan, PlannedScenario, PlannedServer, Trial } from '../results/schema/plan.ts';
import type { TrialResult } from '../results/schema/trial.ts';
import { usualCost, warmMs, type TrialCost } from './usual-costs.ts';

/** The estimated time of every trial of a plan. */
export interface PlanEstimate {
  /** By index of the trial, in ms. */
  readonly trialMs: readonly number[];
  /** Share of the trials whose server has been measured here under the same scenario. */
  readonly known: number;
}

/** What is known is known of a server's command under a scenario's parameters. */
export function costKey(server: PlannedServer, scenario: PlannedScenario, rampMs: number): string {
  const { commands } = server;
  const { id, parameters, warmedBy = null } = scenario;
  return JSON.stringify([server.name, commands[id], id, parameters, warmedBy, rampMs]);
}

/** Estimates every trial of a plan. @param startMs what `node -e 0` takes here */
export function estimatePlan(plan: Plan, known: KnownCosts, startMs: number): PlanEstimate {
  const servers = new Map(plan.servers.map((server) => [server.name, server]));
  const scenarios = new Map(plan.scenarios.map((scenario) => [scenario.id, scenario]));
  const costs = new Map(known.map(({ key, levels }) => [key, levels]));
  let found = 0;
  const trialMs = plan.trials.map((trial) => {
    const server = servers.get(trial.server) as PlannedServer;
    const scenario = scenarios.get(trial.scenario) as PlannedScenario;
    const usual = (level: number): TrialCost => {
      const { lifeMs, loadMs } = usualCost(server, scenario, level, startMs);
      return { lifeMs, loadMs: Math.min(trial.deadlineMs, loadMs + plan.rampMs) };
    };
    const levels = costs.get(costKey(server, scenario, plan.rampMs)) ?? [];
    if (levels.length > 0) found++;
    const { lifeMs, loadMs } = usual(trial.clients);
    const wrongBy = correction(levels, trial.clients, usual);
    const knownWarmMs = levels.find(({ clients }) => clients === trial.clients)?.warmMs;
    const warm = (trial.warmLoad && knownWarmMs) ?? warmMs(trial, scenario, loadMs * wrongBy);
    return (lifeMs + loadMs) * wrongBy + warm;
  });
  return { trialMs, known: found / Math.max(1, plan.trials.length) };
}

type Level = KnownCosts[number]['levels'][number];

/**
 * By how much the usual figures are wrong at a number of clients: what was measured there; between two levels, in between on
 * a logarithmic axis; beyond them, as at the nearest.
 */
function correction(
  levels: readonly Level[],
  clients: number,
  usual: (clients: number) => TrialCost,
): number {
  const ratioAt = ({ clients: at, lifeMs, loadMs }: Level): number => (lifeMs + loadMs) / total(usual(at));
  const below = levels.findLast((level) => level.clients <= clients);
  const above = levels.find((level) => level.clients >= clients);
  if (!below || !above) return below || above ? ratioAt((below ?? above)!) : 1;
  if (above.clients === below.clients) return ratioAt(below);
  const at = Math.log(clients / below.clients) / Math.log(above.clients / below.clients);
  return ratioAt(below) ** (1 - at) * ratioAt(above) ** at;
}

/** What is known of a trial that has ended. */
type Ended = Pick<TrialResult, 'trial' | 'status' | 'phases'>;

/** What completed trials took: the median of each cell, to be known from now on. One that failed may have ended early. */
export function costsOf(plan: Plan, results: readonly Ended[]): KnownCosts {
  const scenarios = new Map(plan.scenarios.map((scenario) => [scenario.id, scenario]));
  const ended = results.filter(({ status }) => status === 'completed');
  return plan.servers.flatMap((server) =>
    [...scenarios.values()].flatMap((scenario) => {
      const own = ended.filter(({ trial }) => trial.server === server.name && trial.scenario === scenario.id);
      const byLevel = Map.groupBy(own, ({ trial }) => trial.clients);
      const levels = [...byLevel]
        .toSorted(([a], [b]) => a - b)
        .map(([clients, of]) => {
          const warm = of.flatMap(({ trial, phases }) => (trial.warmLoad ? (phases.warmMs ?? []) : []));
          return {
            clients,
            lifeMs: middle(of.map((result) => costOf(result).lifeMs)),
            loadMs: middle(of.map((result) => costOf(result).loadMs)),
            ...(warm.length > 0 ? { warmMs: middle(warm) } : {}),
          };
        });
      return levels.length > 0 ? [{ key: costKey(server, scenario, plan.rampMs), levels }] : [];
    }),
  );
}

/** What is known after more was measured: newer figures stand for older ones of the same level. */
export function mergedCosts(before: KnownCosts, now: KnownCosts): KnownCosts {
  const levels = new Map(before.map((each) => [each.key, each.levels]));
  for (const { key, levels: newer } of now) {
    const older = (levels.get(key) ?? []).filter(
      (level) => !newer.some(({ clients }) => clients === level.clients),
    );
    // What was measured last stands last.
    levels.delete(key);
    levels.set(
      key,
      [...older, ...newer].toSorted((a, b) => a.clients - b.clients),
    );
  }
  return [...levels].slice(-MOST_KNOWN).map(([key, own]) => ({ key, levels: own }));
}

/** Servers under a scenario that are remembered. */
const MOST_KNOWN = 200;

function total({ lifeMs, loadMs }: TrialCost): number {
  return lifeMs + loadMs;
}

/** Without what warms the server up, which not every trial of a cell does. */
function costOf({ phases: { spawnMs, readyMs, prepareMs, loadMs, stopMs } }: Ended): TrialCost {
  return { lifeMs: spawnMs + readyMs + prepareMs + stopMs, loadMs };
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** So many trials of the usual length weigh as much as what a server, or a run, has shown of its own. */
const PRIOR_TRIALS = 2;

/**
 * Time left. A trial of a cell that has run takes as long as those did on average; any other its estimate, times the ratio of
 * what was to what was expected: of its server's trials as far as there are some, of all trials otherwise.
 */
export class TimeLeft {
  readonly #plan: Plan;
  readonly #estimate: readonly number[];
  readonly #cells = new Map<string, Sums>();
  readonly #servers = new Map<string, Sums>();
  readonly #all: Sums = { trials: 0, expectedMs: 0, actualMs: 0 };
  readonly #done = new Set<number>();

  constructor(plan: Plan, { trialMs }: PlanEstimate) {
    this.#plan = plan;
    this.#estimate = trialMs;
  }

  /** Notes that a trial took so long, in ms. */
  finished(trial: Trial, tookMs: number): void {
    this.#done.add(trial.index);
    const expectedMs = this.#estimate[trial.index] ?? tookMs;
    for (const sums of [
      sumsOf(this.#cells, cellKey(trial)),
      sumsOf(this.#servers, serverKey(trial)),
      this.#all,
    ]) {
      sums.trials++;
      sums.expectedMs += expectedMs;
      sums.actualMs += tookMs;
    }
  }

  /** Estimated time until the plan is done, in ms. */
  leftMs(): number {
    const usual = this.#estimate.reduce((sum, ms) => sum + ms, 0) / Math.max(1, this.#estimate.length);
    const overall = ratioOf(this.#all, usual, 1);
    let left = 0;
    for (const trial of this.#plan.trials) {
      if (this.#done.has(trial.index)) continue;
      const cell = this.#cells.get(cellKey(trial));
      const server = this.#servers.get(serverKey(trial));
      const ratio = server ? ratioOf(server, usual, overall) : overall;
      left += cell ? cell.actualMs / cell.trials : (this.#estimate[trial.index] ?? 0) * ratio;
    }
    return left;
  }
}

/** Of trials that have ended. */
interface Sums {
  trials: number;
  expectedMs: number;
  actualMs: number;
}

function sumsOf(of: Map<string, Sums>, key: string): Sums {
  const sums = of.get(key) ?? { trials: 0, expectedMs: 0, actualMs: 0 };
  of.set(key, sums);
  return sums;
}

/** Of what was to what was expected, drawn towards a prior ratio by some trials of the usual length. */
function ratioOf({ expectedMs, actualMs }: Sums, usualMs: number, prior: number): number {
  const weight = PRIOR_TRIALS * usualMs;
  return expectedMs + weight > 0 ? (actualMs + prior * weight) / (expectedMs + weight) : prior;
}

function serverKey({ server, scenario }: Trial): string {
  return `${server}\0${scenario}`;
}

function cellKey(trial: Trial): string {
  return `${serverKey(trial)}\0${trial.clients}\0${trial.warmLoad ?? ''}`;
}
