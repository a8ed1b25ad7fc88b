/** Reading the command line of a server: every value is checked here, and what is refused is explained in one line. */
import { parseArgs } from 'node:util';
import { CATALOGUE, findVariant } from './catalogue.ts';
import { NUMBERS } from './command-line.ts';
import type { Numbers } from './command-line.ts';
import { messageOf, usageError } from './errors.ts';
import type { ServerConfig } from './models/model.ts';
import { parseParameters } from './services/api/parameters.ts';
import { SERVICES } from './services/registry.ts';
import type { ServiceEntry } from './services/registry.ts';
import type { ServiceModule } from './services/api/service.ts';
import type { Variant } from './variant.ts';

const NAMES = Object.keys(NUMBERS) as (keyof Numbers)[];

const STRING = { type: 'string' } as const;

const FLAGS = {
  service: STRING,
  host: STRING,
  ...Object.fromEntries(Object.values(NUMBERS).map(({ flag }) => [flag, STRING])),
  set: { type: 'string', multiple: true },
} as const;

/** A command line that was understood. */
export interface Options {
  readonly variant: Variant;
  readonly serviceName: string;
  /** `service.program` and `service.folder` are still to be set. */
  readonly config: ServerConfig;
  /** The service itself, for what it does in the main process. */
  readonly module: ServiceModule;
}

/**
 * Reads the arguments after `servers/main.ts`.
 *
 * @throws {ServerError} (exit code 2) on anything that the contract does not allow
 */
export async function readOptions(argv: readonly string[]): Promise<Options> {
  const { values, positionals } = parse(argv);
  const variant = variantNamed(positionals);
  const serviceName = values.service ?? 'echo';
  const entry = Object.hasOwn(SERVICES, serviceName)
    ? (SERVICES as Record<string, ServiceEntry>)[serviceName]
    : undefined;
  if (!entry) {
    throw usageError(
      `unknown service '${serviceName}': it must be one of ${Object.keys(SERVICES).join(', ')}`,
    );
  }
  if (!variant.services.some((name) => name === serviceName)) {
    throw usageError(`${variant.name} cannot run ${serviceName}; it runs ${variant.services.join(', ')}`);
  }
  const { service } = (await import(entry.module)) as { service: ServiceModule };
  const parameters = parseParameters(serviceName, service.parameters, values.set ?? []);
  const given = (name: keyof Numbers): number | undefined =>
    readNumber(NUMBERS[name], (values as Readonly<Record<string, unknown>>)[NUMBERS[name].flag]);
  checkBounds(variant, given('slots'), given('limit'), given('workers'));
  const { eventLoop, perConnection, pool } = variant;
  const otherwise = { slots: eventLoop ? 0 : 1, limit: perConnection ? 64 : 0, workers: pool ? 8 : 1 };
  const number = (name: keyof Numbers): number =>
    given(name) ?? NUMBERS[name].otherwise ?? otherwise[name as keyof typeof otherwise];
  return {
    variant,
    serviceName,
    module: service,
    config: {
      ...(Object.fromEntries(NAMES.map((name) => [name, number(name)])) as Numbers),
      variant: variant.name,
      service: { module: entry.module, parameters, needs: entry.needs, program: '', folder: '' },
      host: values.host ?? '127.0.0.1',
    },
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: FLAGS });
  } catch (error) {
    const known = Object.keys(FLAGS).map((name) => `--${name}`);
    throw usageError(`${messageOf(error).split('. ')[0]}; the options are ${known.join(' ')}`);
  }
}

function variantNamed(positionals: readonly string[]): Variant {
  const [name, ...others] = positionals;
  const known = CATALOGUE.flatMap((each) => (each.language === 'ts' ? [each.name] : [])).join(', ');
  if (name === undefined) throw usageError(`name a variant: ${known}`);
  if (others.length > 0) throw usageError(`one variant is started at a time, not also '${others.join(' ')}'`);
  const variant = findVariant(name);
  if (variant?.language !== 'ts') throw usageError(`unknown variant '${name}': it must be one of ${known}`);
  return variant;
}

function readNumber({ flag, min, max }: (typeof NUMBERS)[keyof Numbers], given: unknown): number | undefined {
  if (typeof given !== 'string') return undefined;
  const value = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw usageError(`--${flag} must be a whole number from ${min} to ${max}, not '${given}'`);
}

// What a model has no use for is refused, not passed over: a figure must never be read under a wrong setting.
function checkBounds(
  { name, pool, waitsIn, slots: slotsOf }: Variant,
  slots: number | undefined,
  limit: number | undefined,
  workers: number | undefined,
): void {
  if (workers !== undefined && !pool) throw usageError(`${name} has no pool: it takes no --workers`);
  if (slotsOf === 'one' && slots !== undefined && slots !== 1) {
    throw usageError(`a worker of ${name} serves one connection at once: --slots must be 1`);
  }
  if (slotsOf === 'unbounded' && slots !== undefined && slots !== 0) {
    throw usageError(`a worker of ${name} serves any number of connections: --slots must be 0`);
  }
  if (waitsIn === 'kernel' && limit !== undefined && limit !== 0) {
    throw usageError(
      `${name} keeps no queue of its own: --limit must be 0 (workers and --slots are its limit)`,
    );
  }
}
