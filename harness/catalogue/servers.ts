/** Resolves the servers of a plan: our own variants, the user's commands, and those of a manifest. */
import { isDeepStrictEqual } from 'node:util';
import { CATALOGUE } from '../../servers/catalogue.ts';
import type { Variant } from '../../servers/variant.ts';
import { UnfitError, UsageError, didYouMean } from '../errors.ts';
import type { AnalyticModel, Plan, PlannedServer } from '../results/schema/plan.ts';
import type { ServerOptions } from '../scenario/scenario.ts';
import { splitCommand } from './command-line.ts';
import type { ManifestServer } from './manifest.ts';
import type { ResolvedScenario } from './scenarios.ts';

/** Default servers, those of them that can run the scenarios: every classic model, in one language. */
export const DEFAULT_SERVERS: readonly string[] = [
  'ts-iterative',
  'ts-loop',
  'ts-thread',
  'ts-fork',
  'ts-prethread-queue',
  'ts-prefork-accept',
];

/** Default sizes of docs/servers/contract.md. */
const DEFAULT_SIZES = { workers: 8, slots: 1, limit: 64 } as const;

/** Sizes for every variant of ours that supports them. */
export interface Sizing {
  readonly workers?: number;
  readonly slots?: number;
  readonly limit?: number;
  readonly backlog?: number;
  /** Limit of open connections, where a server's default is too low. */
  readonly maxConnections?: number;
}

/** A server that nobody named, and why it is not measured. */
export type LeftOut = NonNullable<Plan['leftOut']>[number];

/** What the command line asks for. */
export interface ServerSelection {
  /** Names of variants; undefined: the defaults, unless commands are given. `all`: every available one. */
  readonly names?: readonly string[];
  /** `name=command` or `command`, as typed. */
  readonly commands: readonly string[];
  readonly manifest: readonly ManifestServer[];
  readonly sizing: Sizing;
  /** They will be started from other checkouts, so they need not be built in this one. */
  readonly elsewhere?: boolean;
}

/**
 * Resolves a selection.
 *
 * @throws UsageError for an unknown or duplicate name, or a variant without the service that a scenario needs;
 *   UnfitError for a variant that is not available here
 */
export function selectServers(
  selection: ServerSelection,
  scenarios: readonly ResolvedScenario[],
): PlannedServer[] {
  const { names } = chosenServers(selection, scenarios);
  const ofManifest = new Map(selection.manifest.map((server) => [server.name, server]));
  const known = [...CATALOGUE.map(({ name }) => name), ...ofManifest.keys()];
  const ours = names.map((name) => {
    const manifest = ofManifest.get(name);
    if (manifest) return custom(manifest, scenarios);
    const variant = CATALOGUE.find((each) => each.name === name);
    if (!variant) throw new UsageError(`--servers: there is no server "${name}"${didYouMean(name, known)}`);
    return fromVariant(variant, scenarios, selection);
  });
  const manifest = selection.names ? [] : selection.manifest.map((server) => custom(server, scenarios));
  const commands = selection.commands.map((text, i) => fromCommand(text, i, scenarios));
  const servers = [...ours, ...manifest, ...commands];
  const doubled = servers.find((server, i) => servers.findIndex(({ name }) => name === server.name) !== i);
  if (doubled)
    throw new UsageError(
      `Two servers are named "${doubled.name}"; give each --command a name: name=command.`,
    );
  if (servers.length === 0)
    throw new UsageError('No server to measure: name some with --servers or --command.');
  return servers;
}

/**
 * The names of a selection. Of the default servers and of `all` only those that can run every scenario: nobody has named
 * the others.
 */
export function chosenServers(
  { names, commands, manifest }: Pick<ServerSelection, 'names' | 'commands' | 'manifest'>,
  scenarios: readonly ResolvedScenario[],
): { readonly names: readonly string[]; readonly leftOut: readonly LeftOut[] } {
  const isGiven = names !== undefined || commands.length > 0 || manifest.length > 0;
  if (isGiven && !names?.includes('all')) return { names: names ?? [], leftOut: [] };
  const wanted = CATALOGUE.filter((variant) =>
    isGiven ? variant.available().ok : DEFAULT_SERVERS.includes(variant.name),
  );
  const leftOut = wanted.flatMap((variant) => {
    const unable = scenarios.find(({ service }) => !canRun(variant, service));
    return unable ? [{ server: variant.name, why: cannotRun(unable) }] : [];
  });
  const isLeftOut = (name: string): boolean => leftOut.some(({ server }) => server === name);
  return { names: wanted.map(({ name }) => name).filter((name) => !isLeftOut(name)), leftOut };
}

function canRun({ services }: Variant, service: string): boolean {
  return services.some((name) => name === service);
}

function cannotRun({ planned, service }: ResolvedScenario): string {
  return `cannot run the service "${service}" that scenario ${planned.id} needs`;
}

function fromVariant(
  variant: Variant,
  scenarios: readonly ResolvedScenario[],
  { sizing, elsewhere = false }: Pick<ServerSelection, 'sizing' | 'elsewhere'>,
): PlannedServer {
  const availability = variant.available();
  if (!availability.ok && !elsewhere)
    throw new UnfitError(`${variant.name} is not available here: ${availability.reason}.`);
  const sizesFor = ({ serverOptions }: ResolvedScenario) => ({
    ...wishesFor(variant, serverOptions),
    ...sizing,
  });
  const commands = Object.fromEntries(
    scenarios.map((scenario) => {
      const { planned, service, serviceSettings } = scenario;
      const known = variant.services.find((name) => name === service);
      if (!known) {
        throw new UsageError(
          `${variant.name} ${cannotRun(scenario)}; "holdfast list servers" shows which servers can.`,
        );
      }
      return [
        planned.id,
        variant.command({
          service: known,
          ...sizesFor(scenario),
          host: '{host}',
          port: '{port}',
          set: serviceSettings,
        }),
      ];
    }),
  );
  const analytic = commonModel(scenarios.map((scenario) => analyticModel(variant, sizesFor(scenario))));
  return {
    name: variant.name,
    title: variant.title,
    language: variant.language,
    model: variant.model,
    ...(analytic ? { analytic } : {}),
    commands,
    announces: true,
    processes: processesOf(variant, sizing),
    stopSignal: 'SIGTERM',
  };
}

/** The model shared by all scenarios of the plan; undefined where their sizes differ. */
function commonModel(models: readonly (AnalyticModel | undefined)[]): AnalyticModel | undefined {
  const [first, ...others] = models;
  return others.every((other) => isDeepStrictEqual(other, first)) ? first : undefined;
}

/** The scenario's options that the variant supports. */
function wishesFor(variant: Variant, { slots, ...others }: ServerOptions): ServerOptions {
  return slots !== undefined && variant.slots === 'any' ? { ...others, slots } : others;
}

/** Processes that share connections: the workers of a process pool; else 1, which may hold all. */
function processesOf(variant: Variant, { workers }: Sizing): number {
  return variant.pool && variant.processes ? (workers ?? DEFAULT_SIZES.workers) : 1;
}

/** The capacity for the given sizes. A pool with a queue for each worker has no simple formula. */
function analyticModel({ analytic, eventLoop }: Variant, sizing: Sizing): AnalyticModel | undefined {
  if (analytic === 'partitioned') return undefined;
  if (analytic === 'iterative') return { kind: 'iterative' };
  const { workers = DEFAULT_SIZES.workers, limit = DEFAULT_SIZES.limit } = sizing;
  const { slots: each = eventLoop ? 0 : DEFAULT_SIZES.slots } = sizing;
  // 0: no bound.
  const slots = { unbounded: 0, pool: workers * each, limited: limit }[analytic];
  return slots === 0 ? { kind: 'unbounded' } : { kind: 'pool', slots };
}

function fromCommand(text: string, index: number, scenarios: readonly ResolvedScenario[]): PlannedServer {
  const named = /^([A-Za-z0-9][\w.-]*)=(.+)$/s.exec(text);
  const command = splitCommand(named?.[2] ?? text);
  if (!command.some((part) => part.includes('{port}'))) {
    throw new UsageError(
      `--command '${text}': write {port} where the server takes the port to listen on, as in 'python3 server.py {port}'.`,
    );
  }
  return custom({ name: named?.[1] ?? `command-${index + 1}`, command }, scenarios);
}

function custom(server: ManifestServer, scenarios: readonly ResolvedScenario[]): PlannedServer {
  return {
    name: server.name,
    title: server.title ?? server.command.join(' '),
    language: server.language ?? 'any',
    model: server.model ?? 'custom',
    ...(server.analytic ? { analytic: server.analytic } : {}),
    commands: Object.fromEntries(scenarios.map(({ planned }) => [planned.id, server.command])),
    announces: false,
    stopSignal: server.stopSignal ?? 'SIGTERM',
  };
}
