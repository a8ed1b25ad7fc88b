/** `holdfast duet`: two builds, one verdict. */
import { splitCommand } from '../../catalogue/command-line.ts';
import type { Builds } from '../../duet/builds/builds.ts';
import { buildsOfRevisions } from '../../duet/builds/from-revisions.ts';
import { buildsOfCommands } from '../../duet/builds/ready-made.ts';
import { arrangeHere } from '../../duet/planning/arrange.ts';
import type { DuetConfig } from '../../results/schema/duet-config.ts';
import { subjectsOfCommands, subjectsOfRevisions } from '../../duet/planning/resolve.ts';
import { readEnvironment } from '../../observe/machine/environment.ts';
import { command } from '../command.ts';
import { compareBuilds, teller } from '../compare-builds.ts';
import type { Io } from '../io.ts';
import {
  armsOf,
  configFrom,
  DUET_OPTIONS,
  REPOSITORY,
  type DuetOptions,
  type RequestedArms,
} from '../options/duet-options.ts';

async function duet(options: DuetOptions, io: Io, signal: AbortSignal): Promise<number> {
  const arms = armsOf(options);
  const config = await configFrom(options);
  const environment = readEnvironment();
  const { arranged, cores } = await arrangeHere(options.arrangement, environment.identity);
  const { subjects, native } =
    arms.kind === 'revisions'
      ? await subjectsOfRevisions(config, REPOSITORY, arranged)
      : await subjectsOfCommands(config, arms, arranged);
  await using builds = await buildsFor(arms, config, native, teller(io, options.quiet), signal);
  return await compareBuilds({ builds, subjects, config, cores, environment, options }, io, signal);
}

async function buildsFor(
  arms: RequestedArms,
  { micro }: DuetConfig,
  native: boolean,
  onStep: (text: string) => void,
  signal: AbortSignal,
): Promise<Builds> {
  const { kind, base, head } = arms;
  if (kind === 'commands') return buildsOfCommands(splitCommand(base), splitCommand(head));
  // A file of benchmarks may measure anything.
  const measured = micro === false ? ['package-lock.json', 'servers'] : [''];
  return await buildsOfRevisions(
    { repository: REPOSITORY, base, head, native, measured, file: micro || undefined, onStep },
    signal,
  );
}

export const duetCommand = command({
  usage: 'duet',
  describe: 'compare two builds of the servers and decide whether one is worse',
  examples: [
    ['duet --base origin/main', 'HEAD against the main branch, by the rules of holdfast.duet.json'],
    ['duet --base v1.0 --head v1.1 --servers ts-loop,c-epoll', 'two releases of two servers'],
    ["duet --base-command './old {port}' --head-command './new {port}' --set raw", 'two servers of your own'],
  ],
  options: DUET_OPTIONS,
  run: duet,
});
