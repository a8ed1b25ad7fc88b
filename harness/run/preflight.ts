/** Whether this machine can carry the plan, asked before anything starts; and how the load is spread over it. */
import { UnfitError } from '../errors.ts';
import { machineLimits, planCapacity } from '../load/capacity.ts';
import { LOOPBACK } from '../rig/rig.ts';
import type { Environment } from '../results/schema/run.ts';
import type { Plan } from '../results/schema/plan.ts';

/** How many generators the load takes, and over which addresses the clients come. */
export interface LoadPlan {
  readonly generators: number;
  readonly hosts: readonly string[];
}

/**
 * Plans descriptors, ports and memory for the largest trial of every server.
 *
 * @throws UnfitError that names the limit that stands in the way and how to lift it
 */
export function planLoad(plan: Pick<Plan, 'servers' | 'clients'>, environment: Environment): LoadPlan {
  const machine = machineLimits(environment);
  const clients = Math.max(...plan.clients);
  let load: LoadPlan = { generators: 1, hosts: [LOOPBACK] };
  for (const server of plan.servers) {
    const capacity = planCapacity(
      {
        clients,
        host: LOOPBACK,
        spreads: server.spreads,
        ...(server.processes === undefined ? {} : { serverProcesses: server.processes }),
      },
      machine,
    );
    if (capacity.kind === 'refused') throw new UnfitError(`${server.name}: ${capacity.message}`);
    if (capacity.hosts.length >= load.hosts.length) load = capacity;
  }
  return load;
}
