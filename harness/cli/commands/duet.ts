/** `holdfast duet`: two builds, one verdict. */
import type { Arm, Verdict } from '../../results/schema/comparison.ts';
import type { DuetConfig } from '../../results/schema/duet-config.ts';
import type { ArmSource, DuetPlan, Subject } from '../../results/schema/duet-plan.ts';
import { splitCommand } from '../../catalogue/command-line.ts';
import { arrangementWish, launcherOf, openDuetRig } from '../../duet/launch/rig.ts';
import { buildDuetPlan } from '../../duet/planning/build-plan.ts';
import { notComparedOf, type Builds } from '../../duet/builds/builds.ts';
import { buildsOfCommands } from '../../duet/builds/from-commands.ts';
import { buildsOfRevisions } from '../../duet/builds/from-revisions.ts';
import { judgeDuet } from '../../duet/judgement/judge.ts';
import { runDuet } from '../../duet/procedure.ts';
import { rehearsalTiming, rehearse } from '../../duet/planning/rehearsal.ts';
import {
  subjectsOfCommands,
  subjectsOfRevisions,
  type ResolvedSubjects,
} from '../../duet/planning/resolve.ts';
import { familyOf, type Family } from '../../duet/planning/subjects.ts';
import { EXIT, type ExitCode } from '../../errors.ts';
import { readEnvironment } from '../../observe/machine/environment.ts';
import { identityMismatch } from '../../observe/machine/identity-mismatch.ts';
import { Journal } from '../../results/files.ts';
import {
  configFrom,
  DUET_OPTIONS,
  REPOSITORY,
  armsOf,
  type DuetOptions,
  type RequestedArms,
} from '../options/duet-options.ts';
import { describeDuet, duetProgress } from '../text/duet-progress.ts';
import { beginDuet, createDuetFolder, endDuet } from '../files/duet-record.ts';
import type { Io } from '../io.ts';
import { command } from '../command.ts';
import { jsonText } from '../files/run-record.ts';
import { toolVersion } from '../version.ts';
import { writeDuetReport } from '../files/write-duet-report.ts';

async function duet(options: DuetOptions, io: Io, signal: AbortSignal): Promise<number> {
  const tell = options.quiet ? () => {} : (text: string) => io.err(`${text}\n`);
  const arms = armsOf(options);
  const config = await configFrom(options);
  const environment = readEnvironment();
  const wish = await arrangementWish(options.arrangement, environment.identity);
  const { subjects, native } = await subjectsFor(arms, config, wish);

  await using builds = await buildsFor(arms, subjects, native, tell, signal);
  const folder = createDuetFolder(options.out);
  await using rig = openDuetRig(folder.path, config.timing, wish.pair);

  for (const note of builds.notes) tell(note);
  tell('rehearsing: one launch of each that is not recorded');
  const short = { ...rig, timing: rehearsalTiming(config.timing) };
  const family = await rehearseAll(subjects, config, launcherOf(builds, short, signal));
  const plan = planFor(builds, subjects, family, config, options.seed);
  tell(describeDuet(plan));
  if (options.dryRun) {
    if (options.format === 'json') io.out(jsonText(plan));
    return EXIT.ok;
  }

  const open = beginDuet(folder, plan, environment);
  const startedMs = performance.now();
  using journal = new Journal(open.launches);
  const course = await runDuet(
    {
      plan,
      measure: launcherOf(builds, rig, signal),
      journal,
      onEvent: duetProgress(plan, io, options.quiet),
      now: () => performance.now(),
    },
    signal,
  );
  const arm = (source: ArmSource): Arm => ({
    label: labelOf(source),
    toolVersion: toolVersion(),
    startedAt: open.manifest.startedAt,
  });
  const comparison = judgeDuet(plan, course, {
    runId: open.manifest.id,
    planHash: open.manifest.planHash,
    base: arm(plan.base),
    head: arm(plan.head),
    environmentDifferences: identityMismatch(environment.identity, readEnvironment().identity),
    remarks: builds.notes,
    notCompared: notComparedOf(family.left),
    tookMs: performance.now() - startedMs,
  });
  endDuet(open, comparison);
  await writeDuetReport({ folder, comparison, manifest: open.manifest }, options.format, io);
  return exitCodeOf(comparison.duet.verdict, options.strict);
}

async function subjectsFor(
  arms: RequestedArms,
  config: DuetConfig,
  wish: Awaited<ReturnType<typeof arrangementWish>>,
): Promise<ResolvedSubjects> {
  return arms.kind === 'revisions'
    ? await subjectsOfRevisions(config, REPOSITORY, wish)
    : await subjectsOfCommands(config, arms, wish);
}

async function buildsFor(
  arms: RequestedArms,
  subjects: readonly Subject[],
  native: boolean,
  onStep: (text: string) => void,
  signal: AbortSignal,
): Promise<Builds> {
  if (arms.kind === 'commands') return buildsOfCommands(splitCommand(arms.base), splitCommand(arms.head));
  const micro = subjects.some(({ kind }) => kind === 'micro');
  return await buildsOfRevisions(
    {
      repository: REPOSITORY,
      base: arms.base,
      head: arms.head,
      native,
      measured: ['package-lock.json', 'servers', ...(micro ? ['harness'] : [])],
      onStep,
    },
    signal,
  );
}

/** Launches every subject once, and makes the family of what both builds carry. */
async function rehearseAll(
  subjects: readonly Subject[],
  config: DuetConfig,
  measure: ReturnType<typeof launcherOf>,
): Promise<Family> {
  let runnable: ReadonlySet<string> = new Set();
  for (const subject of subjects) {
    const carried = await rehearse(subject, measure);
    if (subject.kind === 'micro') runnable = carried;
  }
  return familyOf(subjects, config, runnable);
}

function planFor(
  { base, head, identical }: Builds,
  subjects: readonly Subject[],
  { gates }: Family,
  { rule, timing }: DuetConfig,
  seed: number,
): DuetPlan {
  return buildDuetPlan({ seed, base, head, identical, control: !identical, rule, timing, subjects, gates });
}

/** What a reader knows an arm by. */
function labelOf(source: ArmSource): string {
  return source.kind === 'command' ? source.command : `${source.ref} (${source.commit.slice(0, 12)})`;
}

/** The table of docs/cli.md: only a regression fails a build. */
export function exitCodeOf(verdict: Verdict, strict: boolean): ExitCode {
  switch (verdict) {
    case 'regression':
      return EXIT.failed;
    case 'invalid':
      return EXIT.unfit;
    case 'inconclusive':
      return strict ? EXIT.inconclusive : EXIT.ok;
    case 'improvement':
    case 'no-change':
      return EXIT.ok;
  }
}

export const duetCommand = command({
  usage: 'duet',
  describe: 'compare two builds of the servers and say whether one is worse',
  examples: [
    ['duet --base origin/main', 'HEAD against the main branch, by the rules of holdfast.duet.json'],
    ['duet --base v1.0 --head v1.1 --servers ts-loop,c-epoll --no-micro', 'two releases of two servers'],
    ["duet --base-command './old {port}' --head-command './new {port}' --set raw", 'two servers of your own'],
  ],
  options: DUET_OPTIONS,
  run: duet,
});
