/**
 * Which pairs of variant and service are tried, and under which variants a case: all in `make test-all`, and in
 * `make test` so many that every service meets models that block, threads and processes, and every case each way in
 * which connections come to their workers.
 */
import { findVariant } from '../../../servers/catalogue.ts';
import type { ServiceName } from '../../../servers/services/registry.ts';
import type { Variant } from '../../../servers/variant.ts';
import { EXHAUSTIVE } from '../../scope.ts';
import type { Case } from './case.ts';
import { COMMAND_CASES } from './command-cases.ts';
import { FAULT_CASES } from './fault-cases.ts';
import { WAITING_CASES } from './waiting-cases.ts';

export const CASES: readonly Case[] = [...WAITING_CASES, ...FAULT_CASES, ...COMMAND_CASES];

/** Echo is what the shared cases of every variant speak. */
const TRIED_UNDER: Readonly<Record<Exclude<ServiceName, 'echo'>, readonly string[]>> = {
  session: ['ts-thread', 'ts-cluster', 'c-epoll', 'c-prethread-queue'],
  work: ['ts-iterative', 'ts-prethread-accept', 'c-iterative', 'c-prefork-mutex'],
  stevens: ['ts-loop', 'ts-prefork-reuseport', 'c-thread', 'c-prefork'],
  names: ['ts-prethread-queue', 'ts-prefork-accept'],
  counter: ['ts-prethread-accept', 'ts-prefork-pass'],
  cookie: ['ts-iterative', 'ts-prefork-reuseport'],
  http: ['ts-loop', 'ts-prethread-queue', 'ts-prefork-pass'],
  nested: ['ts-iterative', 'ts-cluster'],
  chat: ['ts-prethread-accept', 'ts-prefork-reuseport', 'c-prefork-pass', 'c-prethread-mutex'],
  topn: ['ts-prethread-accept', 'ts-prefork-accept', 'c-fork', 'c-prefork-epoll'],
};

/** One without and one with a pool, in each language. */
const STAND_FOR_ALL: readonly string[] = ['ts-loop', 'ts-prefork-pass', 'c-epoll', 'c-prefork'];

/**
 * Variants whose connections come to their workers in the same way. Their servers cost a start of the runtime for each
 * worker, so the members of a kind take the cases in turn; servers in C, which cost next to nothing, take all of them.
 */
const KINDS: readonly (readonly string[])[] = [
  ['ts-loop', 'ts-iterative'],
  ['ts-fork', 'ts-thread'],
  ['ts-prefork-pass', 'ts-prethread-queue'],
  ['ts-prefork-accept', 'ts-prethread-accept', 'ts-prefork-reuseport', 'ts-cluster'],
];

/** The services that are tried under a variant besides echo. */
export function servicesTriedUnder(variant: Variant): readonly ServiceName[] {
  return variant.services.filter(
    (service) => service !== 'echo' && (EXHAUSTIVE || TRIED_UNDER[service].includes(variant.name)),
  );
}

/** The cases that have something to show of a variant, and are tried there. */
export function casesTriedUnder(variant: Variant): readonly Case[] {
  return CASES.filter((each) => applies(each, variant) && (EXHAUSTIVE || isSampledUnder(each, variant)));
}

function isSampledUnder(each: Case, variant: Variant): boolean {
  if (each.sameUnderEveryModel) return STAND_FOR_ALL.includes(variant.name);
  const kind = KINDS.find((names) => names.includes(variant.name));
  if (!kind) return true;
  const members = kind.flatMap((name) => findVariant(name) ?? []).filter((member) => applies(each, member));
  return members[CASES.indexOf(each) % members.length]?.name === variant.name;
}

function applies({ without }: Case, variant: Variant): boolean {
  return without?.(variant) === undefined;
}
