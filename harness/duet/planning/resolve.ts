/** From what is asked for to subjects, before anything is built. */
import { selectScenarios, type ResolvedScenario } from '../../catalogue/scenarios.ts';
import { selectServers } from '../../catalogue/servers.ts';
import { UsageError } from '../../errors.ts';
import type { PlannedServer } from '../../results/schema/plan.ts';
import { openPlace } from '../builds/builds.ts';
import type { DuetConfig } from '../../results/schema/duet-config.ts';
import type { Subject } from '../../results/schema/duet-plan.ts';
import type { Arranged } from './arrange.ts';
import { microSubject, serverSubject } from './subjects.ts';

/** The name of a server that is given by two commands. */
const COMMAND = 'command';

export interface ResolvedSubjects {
  readonly subjects: readonly Subject[];
  /** Servers in C are among them. */
  readonly native: boolean;
}

type What = Pick<DuetConfig, 'servers' | 'scenario' | 'set' | 'clients' | 'holdClients' | 'micro'>;

/**
 * Servers of the catalogue, to be started from two checkouts.
 *
 * @param repository the checkout that this program runs from
 * @throws UsageError for an unknown server, scenario or parameter
 */
export async function subjectsOfRevisions(
  config: What,
  repository: string,
  arranged: Arranged,
): Promise<ResolvedSubjects> {
  const scenario = await oneScenario(config);
  const servers =
    config.servers.length === 0
      ? []
      : selectServers({ names: config.servers, commands: [], manifest: [], sizing: {}, elsewhere: true }, [
          scenario,
        ]);
  const subjects: Subject[] = servers.map((server) => {
    const open = withOpenPlace(server, repository);
    return serverSubject({ base: open, head: open }, scenario.planned, config, arranged);
  });
  if (config.micro !== false) subjects.push(microSubject(config.micro, arranged));
  if (subjects.length === 0) {
    throw new UsageError(
      'Nothing to compare: name servers with --servers, or a file of benchmarks with --micro.',
    );
  }
  return { subjects, native: servers.some(({ language }) => language === 'c') };
}

/** One server that is given by a command for each arm. @throws UsageError */
export async function subjectsOfCommands(
  config: What,
  commands: { readonly base: string; readonly head: string },
  arranged: Arranged,
): Promise<ResolvedSubjects> {
  const scenario = await oneScenario(config);
  const server = (text: string): PlannedServer =>
    selectServers({ commands: [`${COMMAND}=${text}`], manifest: [], sizing: {} }, [
      scenario,
    ])[0] as PlannedServer;
  const arms = { base: server(commands.base), head: server(commands.head) };
  return { subjects: [serverSubject(arms, scenario.planned, config, arranged)], native: false };
}

async function oneScenario({ scenario, set }: What): Promise<ResolvedScenario> {
  const [resolved, ...more] = await selectScenarios([scenario], set);
  if (!resolved || more.length > 0) throw new UsageError('A duet runs one scenario.');
  const { id, traits } = resolved.planned;
  const timedBy = traits?.timedBy;
  const lengthened = set.find((setting) => [timedBy, `${id}.${timedBy}`].includes(setting.split('=')[0]));
  if (timedBy !== undefined && lengthened !== undefined) {
    throw new UsageError(
      `--set ${lengthened}: how long a duet loads is fixed by the timing of its rules (docs/duet.md).`,
    );
  }
  return resolved;
}

function withOpenPlace(server: PlannedServer, repository: string): PlannedServer {
  const commands = Object.fromEntries(
    Object.entries(server.commands).map(([id, command]) => [
      id,
      openPlace(command, repository, process.execPath),
    ]),
  );
  return { ...server, commands };
}
