/** Whether this machine can carry the plan, asked before anything starts; and how the load is spread over it. */
import { UnfitError } from '../errors.ts';
import { machineLimits, planCapacity } from '../load/capacity.ts';
import type { Environment } from '../results/schema/run.ts';
import type { Plan } from '../results/schema/plan.ts';

/** How many generators the load takes, and from which addresses the clients come. */
export interface LoadPlan {
  readonly generators: number;
  readonly sources: readonly string[];
}

/**
 * Plans descriptors, ports and memory for the largest trial of every server.
 *
 * @throws UnfitError that names the limit that stands in the way and how to lift it
 */
export function planLoad(plan: Pick<Plan, 'servers' | 'clients'>, environment: Environment): LoadPlan {
  const machine = machineLimits(environment);
  const clients = Math.max(...plan.clients);
  let load: LoadPlan = { generators: 1, sources: [] };
  for (const server of plan.servers) {
    const capacity = planCapacity(
      {
        clients,
        ...(server.processes === undefined ? {} : { serverProcesses: server.processes }),
      },
      machine,
    );
    if (capacity.kind === 'refused') throw new UnfitError(`${server.name}: ${capacity.message}`);
    if (capacity.generators >= load.generators) load = capacity;
  }
  return load;
}
