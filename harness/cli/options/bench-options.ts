/** The options of `holdfast bench`, and the plan request that they make. */
import type { Argv } from 'yargs';
import { readManifest } from '../../catalogue/manifest.ts';
import { selectScenarios } from '../../catalogue/scenarios.ts';
import { DEFAULT_SERVERS, selectServers } from '../../catalogue/servers.ts';
import { UsageError } from '../../errors.ts';
import type { PlanRequest } from '../../plan/build.ts';
import { parseClients } from '../../plan/clients.ts';
import type { PrecisionRule } from '../../plan/plan.ts';
import { parseDuration } from '../../scenario/duration.ts';

export interface BenchOptions {
  readonly servers: string | undefined;
  readonly scenario: string;
  readonly clients: string;
  readonly trials: number;
  readonly seed: number;
  readonly out: string;
  readonly command: readonly string[];
  readonly manifest: string | undefined;
  readonly set: readonly string[];
  readonly rate: string | undefined;
  readonly ramp: string;
  readonly workers: number | undefined;
  readonly slots: number | undefined;
  readonly limit: number | undefined;
  readonly backlog: number | undefined;
  readonly precision: string | undefined;
  readonly maxTrials: number;
  readonly readyTimeout: number;
  readonly stopTimeout: number;
  readonly dryRun: boolean;
  readonly resume: string | undefined;
  readonly format: 'text' | 'json' | 'markdown';
  readonly quiet: boolean;
}

/** The seed when none is given: a fixed one, so that two runs by the same words are the same plan. */
const DEFAULT_SEED = 1;

/** Declares the options. */
export function benchOptions(yargs: Argv): Argv<BenchOptions> {
  return yargs
    .options({
      servers: {
        type: 'string',
        describe: `names, comma-separated, or all (default: ${DEFAULT_SERVERS.join(',')})`,
      },
      scenario: {
        type: 'string',
        default: 'session',
        describe: 'names or files of your own, comma-separated',
      },
      clients: {
        type: 'string',
        default: '1..500',
        describe: '50 · 1,10,100 · 1..500 (1-2-5) · 1..500:50 · 1..512*2',
      },
      trials: { type: 'number', default: 3, describe: 'trials of each cell (6 or more give 95 % intervals)' },
      seed: {
        type: 'number',
        default: DEFAULT_SEED,
        describe: 'of the order and of the clients (0 to 4294967295)',
      },
      out: { type: 'string', default: 'results', describe: 'folder that receives the folder of the run' },
      rate: { type: 'string', describe: 'open loop: requests a second over all clients, such as 5000/s' },
      ramp: { type: 'string', default: '0', describe: 'spread the starts of the clients over so long: 2s' },
      set: { type: 'string', array: true, default: [], describe: 'a parameter of the scenario: think=20ms' },
    })
    .options({
      command: {
        type: 'string',
        array: true,
        default: [],
        describe: "a server of your own: 'name=prog {port}'",
      },
      manifest: { type: 'string', describe: 'a JSON file with servers of your own' },
      workers: { type: 'number', describe: 'size of the pools' },
      slots: { type: 'number', describe: 'connections that one worker serves at once' },
      limit: { type: 'number', describe: 'connections that a server serves at once' },
      backlog: { type: 'number', describe: "length of the kernel's accept queue" },
    })
    .options({
      precision: { type: 'string', describe: 'more trials until intervals are within, say, 5%' },
      'max-trials': { type: 'number', default: 20, describe: 'with --precision: at most so many a cell' },
      'ready-timeout': { type: 'string', default: '15s', describe: 'how long a server may take to listen' },
      'stop-timeout': { type: 'string', default: '5s', describe: 'how long a server may take to stop' },
      'dry-run': {
        type: 'boolean',
        default: false,
        describe: 'show the plan and its estimated time, and stop',
      },
      resume: { type: 'string', describe: 'go on with an interrupted run' },
      format: {
        choices: ['text', 'json', 'markdown'] as const,
        default: 'text' as const,
        describe: 'of what goes to stdout',
      },
      quiet: { type: 'boolean', default: false, describe: 'no plan, no progress' },
    })
    .coerce('ready-timeout', (text: string) => duration('ready-timeout', text))
    .coerce('stop-timeout', (text: string) =>
      duration('stop-timeout', text),
    ) as unknown as Argv<BenchOptions>;
}

/**
 * Resolves the options into a request for a plan.
 *
 * @throws UsageError, UnfitError
 */
export async function requestFrom(options: BenchOptions): Promise<PlanRequest> {
  const rampMs = duration('ramp', options.ramp, 0);
  const scenarios = await selectScenarios(list(options.scenario), options.set, {
    rate: options.rate,
    rampMs,
  });
  const { workers, slots, limit, backlog } = options;
  const clients = parseClients(options.clients);
  const servers = selectServers(
    {
      ...(options.servers === undefined ? {} : { names: list(options.servers) }),
      commands: options.command,
      manifest: options.manifest === undefined ? [] : await readManifest(options.manifest),
      sizing: { ...sizing({ workers, slots, limit, backlog }), ...roomFor(clients) },
    },
    scenarios,
  );
  const precision = precisionFrom(options);
  return {
    servers,
    scenarios: scenarios.map(({ planned, deadlineMs }) => ({ ...planned, deadlineMs })),
    clients,
    rampMs,
    trialsPerCell: whole('trials', options.trials, 1, 1000),
    seed: whole('seed', options.seed, 0, 2 ** 32 - 1),
    ...(precision ? { precision } : {}),
  };
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function sizing(sizes: Readonly<Record<string, number | undefined>>): Record<string, number> {
  const given: Record<string, number> = {};
  for (const [name, value] of Object.entries(sizes)) {
    if (value !== undefined)
      given[name] = whole(name, value, name === 'workers' || name === 'backlog' ? 1 : 0, 100_000);
  }
  return given;
}

/** @throws UsageError for what is not a whole number in the range */
/** What a server of ours takes without being told (docs/servers/contract.md). */
const USUAL_CONNECTIONS = 20_000;

/** Room for all clients, where that is more than usual. */
function roomFor(clients: readonly number[]): { readonly maxConnections?: number } {
  const most = Math.max(...clients);
  return most > USUAL_CONNECTIONS ? { maxConnections: most } : {};
}

export function whole(name: string, value: number, low: number, high: number): number {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new UsageError(`--${name}: give a whole number from ${low} to ${high}.`);
  }
  return value;
}

function duration(name: string, text: string, least = 1): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms < least)
    throw new UsageError(`--${name} ${text}: give a duration, such as 15s.`);
  return ms;
}

function precisionFrom(options: BenchOptions): PrecisionRule | undefined {
  if (options.precision === undefined) return undefined;
  const percent = /^(\d+(?:\.\d+)?)\s*%?$/.exec(options.precision)?.[1];
  if (percent === undefined || Number(percent) <= 0 || Number(percent) > 100) {
    throw new UsageError(`--precision ${options.precision}: give a percentage, such as 5%.`);
  }
  return {
    relative: Number(percent) / 100,
    maxTrials: whole('max-trials', options.maxTrials, options.trials, 1000),
  };
}
