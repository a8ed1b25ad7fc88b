/**
 * Which pairs of variant and service are tried, and under which variants a case: all in `make test-all`, and in
 * `make test` so many that every service meets models that block, threads and processes.
 */
import type { ServiceName } from '../../../servers/services/registry.ts';
import type { Variant } from '../../../servers/variant.ts';
import { EXHAUSTIVE } from '../../scope.ts';
import type { Case } from './case.ts';

/** Echo is what the shared cases of every variant speak. */
const TRIED_UNDER: Readonly<Record<Exclude<ServiceName, 'echo'>, readonly string[]>> = {
  session: ['ts-thread', 'ts-cluster', 'c-epoll', 'c-prethread-queue'],
  work: ['ts-iterative', 'ts-prethread-accept', 'c-iterative', 'c-prefork-mutex'],
  stevens: ['ts-loop', 'ts-prefork-reuseport', 'c-thread', 'c-prefork'],
  names: ['ts-loop', 'ts-prethread-queue', 'ts-prefork-accept'],
  counter: ['ts-thread', 'ts-prethread-accept', 'ts-prefork-pass'],
  cookie: ['ts-iterative', 'ts-prefork-reuseport'],
  http: ['ts-loop', 'ts-prethread-queue', 'ts-fork'],
  nested: ['ts-iterative', 'ts-cluster'],
  chat: ['ts-prethread-accept', 'ts-prefork-reuseport', 'c-prefork-pass', 'c-prethread-mutex'],
  topn: ['ts-thread', 'ts-prefork-accept', 'c-fork', 'c-prefork-epoll'],
};

/** One without and one with a pool, in each language. */
const STAND_FOR_ALL: readonly string[] = ['ts-loop', 'ts-prefork-pass', 'c-epoll', 'c-prefork'];

/** The services that are tried under a variant besides echo. */
export function servicesTriedUnder(variant: Variant): readonly ServiceName[] {
  return variant.services.filter(
    (service) => service !== 'echo' && (EXHAUSTIVE || TRIED_UNDER[service].includes(variant.name)),
  );
}

/** Whether a case has something to show of a variant, and is tried there. */
export function isTriedUnder(variant: Variant, { without, sameUnderEveryModel }: Case): boolean {
  if (without?.(variant) !== undefined) return false;
  return EXHAUSTIVE || !sameUnderEveryModel || STAND_FOR_ALL.includes(variant.name);
}
