/**
 * `costs.json`, beside the runs: what trials took on this machine, from which the time of later runs is estimated. It is no
 * result: without it, or where it cannot be read, usual figures stand in.
 */
import * as z from 'zod';
import { amount, positive, version, type Immutable } from './leaves.ts';

/** By server and scenario, what was measured longest ago first. */
export type KnownCosts = Immutable<z.infer<typeof knownCosts>>;
const knownCosts = z.array(
  z.object({
    /** Server, command, scenario and its parameters. */
    key: z.string(),
    /** Medians over the trials of a level, ascending by clients, in ms. */
    levels: z.array(
      z.object({
        clients: positive,
        /** Spawn, readiness, preparation and stop. */
        lifeMs: amount,
        loadMs: amount,
        /** Of trials with a warm load: the warm-up and that. */
        warmMs: amount.exactOptional(),
      }),
    ),
  }),
);

export type CostsFile = Immutable<z.infer<typeof costsSchema>>;
export const costsSchema = z.object({
  schema: version,
  /** The machine they were measured on; on another they are not used. */
  machine: z.string(),
  costs: knownCosts,
});
