/** One server under six names, through a whole run: whatever order the run finds is false. */
import { selectScenarios } from '../../catalogue/scenarios.ts';
import { selectServers } from '../../catalogue/servers.ts';
import { parseClients } from '../../plan/clients.ts';
import type { Plan } from '../../results/schema/plan.ts';
import type { Standings, Summary } from '../../results/schema/summary.ts';
import { knownCommand } from './known-server.ts';
import { planRun } from './run.ts';

const NAMES = ['one', 'two', 'three', 'four', 'five', 'six'] as const;
/** The one that is slower, where one is. */
const SLOWER = 'six';
const SCENARIO = 'session';
const CLIENTS = '1..500';
const TRIALS = 3;
/** Of each answer of a server that can be made slower, in µs. */
const DELAY_US = 2000;

/** What a run says of servers of which all, or all but one, are equal. */
export interface Told {
  /** Differences between equal servers, each as a sentence. */
  readonly falsely: readonly string[];
  /** The slower server is told from the best by the headline at some number of clients. */
  readonly found: boolean;
  /** From which ratio on the run can tell two servers apart, with the most clients at which any were compared; null: none. */
  readonly tellsFrom: number | null;
}

/**
 * A default sweep of six equal servers: `c-epoll`; where one is to be slower, servers of known behaviour, of which one
 * delays its answers so that a session takes so much longer.
 *
 * @param slower as a ratio of the session's time, 0 for none
 * @throws UnfitError where the servers in C are not built
 */
export async function planEqual(slower: number, seed: number): Promise<Plan> {
  const scenarios = await selectScenarios([SCENARIO], []);
  const planned = scenarios[0]?.planned;
  if (!planned) throw new Error('the default scenario is there');
  const exchanges = Number(planned.parameters['exchanges']);
  const extraUs = (slower * (planned.idealMs * 1000 + exchanges * DELAY_US)) / exchanges;
  const [epoll] = selectServers({ names: ['c-epoll'], commands: [], manifest: [], sizing: {} }, scenarios);
  const commandOf = (name: string): readonly string[] =>
    slower === 0
      ? (epoll?.commands[planned.id] ?? [])
      : knownCommand({ 'delay-us': Math.round(DELAY_US + (name === SLOWER ? extraUs : 0)) });
  return planRun({
    servers: NAMES.map((name) => ({ name, command: commandOf(name) })),
    scenario: SCENARIO,
    parameters: {},
    clients: parseClients(CLIENTS),
    trialsPerCell: TRIALS,
    seed,
  });
}

/** What the order of such a run says. */
export function toldBy({ standings }: Pick<Summary, 'standings'>, headline: string, slower: number): Told {
  const isSlower = (name: string): boolean => slower > 0 && name === SLOWER;
  const falsely = standings.flatMap((each) => differences(each).filter(({ server }) => !isSlower(server)));
  const main = standings.find(({ metric }) => metric === headline);
  return {
    falsely: falsely.map(({ text }) => text),
    found: [...(main?.levels ?? []), main?.overall].some((order) => order?.behind.some(isSlower) ?? false),
    tellsFrom: main?.levels.findLast(({ resolution }) => resolution)?.resolution?.ratio ?? null,
  };
}

/** Every server that is told from another, and how. */
function differences({
  metric,
  levels,
  overall,
  overtakings,
}: Standings): readonly { readonly server: string; readonly text: string }[] {
  return [
    ...levels.flatMap(({ clients, best: [best = ''], behind }) =>
      behind.map((server) => ({
        server,
        text: `${metric}, ${clients} clients: ${server} is behind ${best}`,
      })),
    ),
    ...(overall?.behind ?? []).map((server) => ({
      server,
      text: `${metric}, all clients: ${server} is behind ${overall?.best[0] ?? ''}`,
    })),
    ...overtakings.map(({ server, by, near }) => ({
      server,
      text: `${metric}, near ${Math.round(near)} clients: ${server} is overtaken by ${by}`,
    })),
  ];
}
