/** The built-in scenarios, and how anybody's own is loaded from a file. */
import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError, didYouMean, messageOf } from '../harness/errors.ts';
import type { Scenario } from '../harness/scenario/scenario.ts';
import calls from './calls.ts';
import chat from './chat.ts';
import cookie from './cookie.ts';
import counter from './counter.ts';
import echo from './echo.ts';
import held from './held.ts';
import http from './http.ts';
import names from './names.ts';
import nested from './nested.ts';
import session from './session.ts';
import { problemsOf } from './common/shape.ts';
import stevens from './stevens.ts';
import topn from './topn.ts';

/** In the order in which they are listed; the first is the default. */
export const SCENARIOS: readonly Scenario[] = [
  session,
  echo,
  held,
  chat,
  topn,
  names,
  counter,
  cookie,
  nested,
  calls,
  http,
  stevens,
];

const BUILTIN = 'builtin:';

/** What `LoadSpec.scenarioModule` says for what a user named: an id of a built-in scenario, or the path of a file. */
export function scenarioModuleOf(name: string, folder: string): string {
  if (isPath(name)) return isAbsolute(name) ? name : resolve(folder, name);
  return BUILTIN + builtin(name).id;
}

/** @throws UsageError where there is none of that name */
function builtin(id: string): Scenario {
  const scenario = SCENARIOS.find((one) => one.id === id);
  if (scenario) return scenario;
  const known = SCENARIOS.map((one) => one.id);
  throw new UsageError(
    `There is no scenario "${id}"${didYouMean(id, known)} (Name a scenario of your own by its path, such as ./${id}.ts.)`,
  );
}

/**
 * The scenario of a module as `scenarioModuleOf` writes it.
 *
 * @throws UsageError for an unknown built-in scenario, a file that is missing or cannot be loaded, a missing default
 * export, or one that is not a valid scenario, with everything that is wrong about it
 */
export async function loadScenario(module: string): Promise<Scenario> {
  if (module.startsWith(BUILTIN)) return builtin(module.slice(BUILTIN.length));
  if (!existsSync(module)) throw new UsageError(`Scenario ${module}: the file does not exist.`);
  const exports = await importOf(module);
  if (exports['default'] === undefined) {
    throw new UsageError(
      `Scenario ${module} has no default export; write "export default defineScenario({ … })".`,
    );
  }
  const problems = problemsOf(exports['default']);
  if (problems.length > 0) throw new UsageError(`Scenario ${module} is not valid: ${problems.join('; ')}.`);
  return exports['default'] as Scenario;
}

function isPath(name: string): boolean {
  return name.includes('/') || /\.[cm]?[jt]s$/.test(name);
}

async function importOf(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new UsageError(`Scenario ${file} cannot be loaded: ${messageOf(error)}`, { cause: error });
  }
}
