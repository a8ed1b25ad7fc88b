/** From a request to a plan: the matrix of cells, and the order in which its trials run. */
import { seededRandom } from './random.ts';
import type { Plan, PlannedScenario, Trial } from '../results/schema/plan.ts';

/** What is asked for, with servers and scenarios already resolved. */
export interface PlanRequest extends Omit<Plan, 'schema' | 'scenarios' | 'trials'> {
  readonly scenarios: readonly (PlannedScenario & { readonly deadlineMs: (clients: number) => number })[];
}

/** Of the trials with the most clients, every so many are followed by a warm load: it costs about as much as a trial. */
const TRIALS_A_WARM_LOAD = 3;

function isLoadedWarm(
  { clients: levels }: PlanRequest,
  { warmedBy, traits }: PlannedScenario,
  clients: number,
  repetition: number,
): boolean {
  const most = clients === Math.max(...levels) && (repetition - 1) % TRIALS_A_WARM_LOAD === 0;
  return most && warmedBy === undefined && traits?.once !== true;
}

/**
 * Builds the plan. The same request gives the same plan byte for byte.
 *
 * The order is a randomised block design: each repetition is one block that holds every cell once, in an order of its
 * own. Whatever drifts during a run (temperature, neighbours, caches) then falls on all cells alike, and a run that is
 * stopped early still has every cell about equally often.
 */
export function buildPlan(request: PlanRequest): Plan {
  const random = seededRandom(request.seed);
  const cells = request.scenarios.flatMap((scenario) =>
    request.servers.flatMap((server) => request.clients.map((clients) => ({ scenario, server, clients }))),
  );
  const trials: Trial[] = [];
  for (let repetition = 1; repetition <= request.trialsPerCell; repetition++) {
    for (const { scenario, server, clients } of random.shuffled(cells)) {
      trials.push({
        index: trials.length,
        server: server.name,
        scenario: scenario.id,
        clients,
        repetition,
        seed: random.integer(0, 0x7fff_ffff),
        deadlineMs: scenario.deadlineMs(clients),
        ...(isLoadedWarm(request, scenario, clients, repetition) ? { warmLoad: true } : {}),
      });
    }
  }
  return {
    schema: 1,
    seed: request.seed,
    servers: request.servers,
    ...(request.leftOut ? { leftOut: request.leftOut } : {}),
    scenarios: request.scenarios.map(({ deadlineMs: _, ...scenario }) => scenario),
    clients: request.clients,
    trialsPerCell: request.trialsPerCell,
    rampMs: request.rampMs,
    trials,
    ...(request.precision ? { precision: request.precision } : {}),
  };
}
