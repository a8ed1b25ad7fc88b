/** Which scenarios a plan runs, with their parameters resolved. */
import { loadScenario, scenarioModuleOf, SCENARIOS } from '../../scenarios/catalogue.ts';
import { UsageError, didYouMean } from '../errors.ts';
import type { PlannedScenario, ScenarioTraits } from '../results/schema/plan.ts';
import { type ParameterValues, parametersFrom } from '../scenario/parameter.ts';
import type { Scenario, ServerOptions } from '../scenario/scenario.ts';

/** A scenario ready for a plan, and what it asks of a server of ours. */
export interface ResolvedScenario {
  readonly planned: PlannedScenario;
  readonly deadlineMs: (clients: number) => number;
  readonly service: string;
  readonly serviceSettings: Readonly<Record<string, string>>;
  readonly serverOptions: ServerOptions;
}

/** Options that every scenario of a run has to honour. */
export interface ScenarioOptions {
  /** Requests a second over all clients, as people write it; undefined: what each scenario does by itself. */
  readonly rate?: string | undefined;
  /** Starts of the clients are spread over so many ms. Default 0. */
  readonly rampMs?: number;
  /** Servers are warmed up by the scenario before they are measured. */
  readonly warms?: boolean;
}

/**
 * Resolves scenarios by name or file, under settings `name=value` (for every scenario that has the parameter) or
 * `scenario.name=value` (for one).
 *
 * @throws UsageError for an unknown scenario or parameter, a value out of range, a file that is not a valid scenario,
 * an option that one of the scenarios cannot honour
 */
export async function selectScenarios(
  names: readonly string[],
  settings: readonly string[],
  options: ScenarioOptions = {},
): Promise<ResolvedScenario[]> {
  if (names.length === 0) {
    throw new UsageError('--scenario: name at least one; "holdfast list scenarios" lists them.');
  }
  const loaded = await Promise.all(
    [...new Set(names)].map(async (name) => {
      const module = scenarioModuleOf(name, process.cwd());
      return { scenario: await loadScenario(module), module };
    }),
  );
  const pairs = settings.map(splitSetting);
  for (const { name } of pairs) {
    const known = loaded.flatMap(({ scenario }) => namesOf(scenario));
    if (!known.includes(name)) {
      throw new UsageError(
        `--set ${name}: no scenario of this run has such a parameter${didYouMean(name, Object.keys(loaded[0]?.scenario.parameters ?? {}))}`,
      );
    }
  }
  return loaded.map(({ scenario, module }) =>
    resolve(scenario, module, [...pairs, ...settingsOf(scenario, options)]),
  );
}

interface Setting {
  readonly name: string;
  readonly value: string;
}

function splitSetting(text: string): Setting {
  const at = text.indexOf('=');
  return at < 0 ? { name: text, value: 'true' } : { name: text.slice(0, at), value: text.slice(at + 1) };
}

/** What the options are in the scenario's own parameters. @throws UsageError for one that it cannot honour */
function settingsOf(scenario: Scenario, { rate, rampMs = 0, warms = false }: ScenarioOptions): Setting[] {
  if (warms && scenario.once) {
    throw new UsageError(
      `--warmup: the clients of scenario "${scenario.id}" check everything that their server has served, so it can be loaded only once; leave the option out.`,
    );
  }
  if (rampMs > 0 && (scenario.ramps === false || scenario.http !== undefined)) {
    throw new UsageError(
      `--ramp: the clients of scenario "${scenario.id}" all start at the same instant; leave the option out.`,
    );
  }
  if (rate === undefined) return [];
  if (scenario.pacedBy === undefined) {
    const paced = SCENARIOS.filter(({ pacedBy }) => pacedBy !== undefined).map(({ id }) => id);
    throw new UsageError(
      `--rate: scenario "${scenario.id}" cannot be paced; leave the option out, or run one that can (${paced.join(', ')}).`,
    );
  }
  return [{ name: `${scenario.id}.${scenario.pacedBy}`, value: rate }];
}

function namesOf(scenario: Scenario): string[] {
  return Object.keys(scenario.parameters).flatMap((name) => [name, `${scenario.id}.${name}`]);
}

function resolve(scenario: Scenario, module: string, settings: readonly Setting[]): ResolvedScenario {
  const own = settings.filter(({ name }) => namesOf(scenario).includes(name));
  const values = parametersFrom(
    scenario.parameters,
    new Map(
      own.map(({ name, value }) => [
        name.startsWith(`${scenario.id}.`) ? name.slice(scenario.id.length + 1) : name,
        value,
      ]),
    ),
  );
  return {
    planned: {
      id: scenario.id,
      title: scenario.title,
      module,
      parameters: values,
      idealMs: scenario.idealMs(values),
      warmupMs: scenario.warmupMs?.(values) ?? 0,
      holds: scenario.holds ?? false,
      traits: traitsOf(scenario, values),
      headline: scenario.headline,
      metrics: scenario.metrics,
    },
    deadlineMs: (clients) => scenario.deadlineMs(values, clients),
    service: scenario.service,
    serviceSettings: scenario.serviceSettings?.(values) ?? {},
    serverOptions: scenario.serverOptions?.(values) ?? {},
  };
}

function traitsOf(
  { timedBy, patienceBy, thinkBy, pacedBy, once }: Scenario,
  values: ParameterValues,
): ScenarioTraits {
  const patienceMs = patienceBy === undefined ? 0 : Number(values[patienceBy]);
  const ratePerSecond = pacedBy === undefined ? 0 : Number(values[pacedBy]);
  return {
    ...(timedBy === undefined ? {} : { timedBy }),
    ...(patienceMs > 0 ? { patienceMs } : {}),
    ...(thinkBy === undefined ? {} : { thinkBy }),
    ...(ratePerSecond > 0 ? { ratePerSecond } : {}),
    ...(once ? { once } : {}),
  };
}
