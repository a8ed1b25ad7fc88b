/** The options of `holdfast bench`, and the plan request that they make. */
import { readManifest } from '../../catalogue/manifest.ts';
import { selectScenarios } from '../../catalogue/scenarios.ts';
import { chosenServers, DEFAULT_SERVERS, selectServers } from '../../catalogue/servers.ts';
import { UsageError } from '../../errors.ts';
import type { PlanRequest } from '../../plan/build.ts';
import { parseClients } from '../../plan/clients.ts';
import type { PrecisionRule, WarmedBy } from '../../results/schema/plan.ts';
import { parseDuration } from '../../scenario/duration.ts';
import { duration, flag, given, list, names, parsed, text, whole, wholeOf, type Values } from './option.ts';
import { parametersOption, REPORT_FORMAT, seedOption, SIZES } from './shared.ts';

export const BENCH_OPTIONS = {
  servers: names(
    `comma-separated names, or all (default, where they can run the scenario: ${DEFAULT_SERVERS.join(',')})`,
  ),
  scenario: names('comma-separated names, or files of your own', 'session'),
  clients: parsed(
    parseClients,
    'client counts: 50 · 1,10,100 · 1..500 (1-2-5) · 1..500:50 · 1..512*2',
    '1..500',
  ),
  trials: whole('trials per cell (6 or more give 95 % intervals)', 1, 1000, 3),
  seed: seedOption('the order and of the clients'),
  out: text('folder in which to create the run folder', 'results'),
  rate: text('open loop: requests per second over all clients, such as 5000/s'),
  ramp: duration('spread the starts of the clients over this time, such as 2s', '0', 0),
  warmup: parsed(
    parseWarmUp,
    'warm each server up before its measured load, for a time (500ms) or so many sessions (2000)',
  ),
  set: parametersOption('scenario', 'think=20ms'),
  command: list("a server of your own: 'name=prog {port}'"),
  manifest: text('JSON file that describes servers of your own'),
  ...SIZES,
  precision: parsed(
    parsePercentage,
    'add trials until intervals are within this share of the median, such as 5%',
  ),
  'max-trials': whole('with --precision: largest number of trials per cell', 1, 1000, 20),
  'ready-timeout': duration('how long a server may take to start listening', '15s'),
  'stop-timeout': duration('how long a server may take to stop', '5s'),
  'dry-run': flag('show the plan and its estimated time, then stop'),
  resume: text('resume an interrupted run, named by its folder or id'),
  ...REPORT_FORMAT,
  quiet: flag('print no plan and no progress'),
};

export type BenchOptions = Values<typeof BENCH_OPTIONS>;

/** What a server of ours takes without being told (docs/servers/contract.md). */
const USUAL_CONNECTIONS = 20_000;

/**
 * Resolves the options into a request for a plan.
 *
 * @throws UsageError, UnfitError
 */
export async function requestFrom(options: BenchOptions): Promise<PlanRequest> {
  const { clients, rate, manifest, ramp: rampMs, trials, seed } = options;
  const { workers, slots, limit, backlog } = options;
  const scenarios = await selectScenarios(options.scenario, options.set, {
    rate,
    rampMs,
    warms: options.warmup !== undefined,
  });
  const most = Math.max(...clients);
  const sizing = {
    ...given({ workers, slots, limit, backlog }),
    ...(most > USUAL_CONNECTIONS ? { maxConnections: most } : {}),
  };
  const selection = {
    ...given({ names: options.servers }),
    commands: options.command,
    manifest: manifest === undefined ? [] : await readManifest(manifest),
    sizing,
  };
  const { leftOut } = chosenServers(selection, scenarios);
  return {
    servers: selectServers(selection, scenarios),
    ...(leftOut.length > 0 ? { leftOut } : {}),
    scenarios: scenarios.map(({ planned, deadlineMs }) => ({
      ...planned,
      ...given({ warmedBy: options.warmup }),
      deadlineMs,
    })),
    clients,
    rampMs,
    trialsPerCell: trials,
    seed,
    ...given({ precision: precisionFrom(options) }),
  };
}

/** @throws UsageError where there may be fewer trials than there are anyway */
function precisionFrom({ precision, maxTrials, trials }: BenchOptions): PrecisionRule | undefined {
  if (precision === undefined) return undefined;
  return { relative: precision, maxTrials: wholeOf(maxTrials, 'max-trials', trials, 1000) };
}

/** `500ms` as a time, `2000` as a number of sessions. @throws UsageError */
function parseWarmUp(text: string, name: string): WarmedBy {
  const sessions = /^\d+$/.test(text) ? Number(text) : 0;
  if (sessions > 0) return { kind: 'sessions', sessions };
  const ms = /[a-z]$/.test(text) ? (parseDuration(text) ?? 0) : 0;
  if (ms > 0) return { kind: 'time', ms };
  throw new UsageError(
    `--${name} ${text}: give a time, such as 500ms, or a number of sessions, such as 2000.`,
  );
}

/** `5%` as a share, 0.05. @throws UsageError */
function parsePercentage(text: string, name: string): number {
  const percent = Number(/^(\d+(?:\.\d+)?)\s*%?$/.exec(text)?.[1]);
  if (percent > 0 && percent <= 100) return percent / 100;
  throw new UsageError(`--${name} ${text}: give a percentage, such as 5%.`);
}
