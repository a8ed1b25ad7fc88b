/** Runs a built-in scenario in this process, with settings as on the command line. */
import { inProcessBackend } from '../load/fixtures/in-process-backend.ts';
import type { LoadResult } from '../../harness/results/schema/load.ts';
import { parametersFrom } from '../../harness/scenario/parameter.ts';
import { loadScenario } from '../../scenarios/catalogue.ts';
import { loadSpec } from '../load/fixtures/run-shard.ts';

export async function runBuiltin(
  id: string,
  port: number,
  clients: number,
  settings: Readonly<Record<string, string>>,
  folder = '/nowhere',
): Promise<LoadResult> {
  const scenarioModule = `builtin:${id}`;
  const scenario = await loadScenario(scenarioModule);
  const parameters = parametersFrom(scenario.parameters, new Map(Object.entries(settings)));
  const never = new AbortController().signal;
  await using backend = inProcessBackend();
  const warmupMs = scenario.warmupMs?.(parameters) ?? 0;
  const deadlineMs = scenario.deadlineMs(parameters, clients);
  const spec = loadSpec({ scenarioModule, parameters, port, clients, warmupMs, deadlineMs, folder });
  await using fleet = await backend.acquire(spec, never);
  await fleet.prepare();
  return await fleet.run(never);
}
