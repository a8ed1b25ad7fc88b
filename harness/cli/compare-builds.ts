/** From two builds and what is measured of them to a verdict: what `duet` and `micro` have in common. */
import type { Arm, NotCompared, Verdict } from '../results/schema/comparison.ts';
import { labelOf, type Builds } from '../duet/builds/builds.ts';
import { judgeDuet } from '../duet/judgement/judge.ts';
import { launcherOf } from '../duet/launch/launcher.ts';
import { openDuetRig, type DuetRig } from '../duet/launch/rig.ts';
import { buildDuetPlan } from '../duet/planning/build-plan.ts';
import type { DuetConfig } from '../results/schema/duet-config.ts';
import { findShared } from '../duet/planning/micro-benchmarks.ts';
import type { ArmSource, Subject } from '../results/schema/duet-plan.ts';
import { rehearsalTiming, rehearse } from '../duet/planning/rehearsal.ts';
import { familyOf, type Family } from '../duet/planning/subjects.ts';
import { runDuet } from '../duet/procedure.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import { readEnvironment } from '../observe/machine/environment.ts';
import { identityMismatch } from '../observe/machine/identity-mismatch.ts';
import { jsonText, writeFileDurably } from '../results/files.ts';
import { Journal } from '../results/journal.ts';
import { createRunFolder, pointLatest } from '../results/folder.ts';
import type { Environment } from '../results/schema/run.ts';
import { writeBeginning } from './files/run-record.ts';
import { writeDuetReport } from './files/write-report.ts';
import type { Io } from './io.ts';
import type { DuetOptions } from './options/duet-options.ts';
import { describeDuet, duetProgress } from './text/duet-progress.ts';
import { toolVersion } from './version.ts';

export interface BuildComparison {
  readonly builds: Builds;
  readonly subjects: readonly Subject[];
  readonly config: DuetConfig;
  /** Those of the two arms; null where there is only one. */
  readonly cores: DuetRig['cores'];
  /** As it was before anything was built. */
  readonly environment: Environment;
  readonly options: Pick<DuetOptions, 'out' | 'seed' | 'dryRun' | 'format' | 'quiet' | 'strict'>;
}

/** Says something on stderr, unless asked to be quiet. */
export function teller(io: Io, quiet: boolean): (text: string) => void {
  return quiet ? () => {} : (text) => io.err(`${text}\n`);
}

/** Rehearses, plans, launches and judges, and writes the report. @returns the exit code */
export async function compareBuilds(
  { builds, subjects: wanted, config, cores, environment, options }: BuildComparison,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const { rule, timing } = config;
  const { seed, quiet } = options;
  const tell = teller(io, quiet);
  const folder = createRunFolder(options.out);
  pointLatest(folder);
  await using rig = openDuetRig(folder.path, timing, cores);

  for (const note of builds.notes) tell(note);
  tell('rehearsing: one launch of each subject, which is not recorded');
  const { subjects, family, notes } = await rehearseAll(wanted, config, builds, rig, signal);
  for (const note of notes) tell(note);
  const { base, head, identical } = builds;
  const asked = { seed, base, head, identical, control: !identical, rule, timing };
  const plan = buildDuetPlan({ ...asked, subjects, gates: family.gates });
  tell(describeDuet(plan));
  if (options.dryRun) {
    if (options.format === 'json') io.out(jsonText(plan));
    return EXIT.ok;
  }

  const hashes = { base: base.contentHash, head: head.contentHash };
  const manifest = writeBeginning(folder, plan, environment, hashes);
  const { id: runId, planHash, startedAt } = manifest;
  const startedMs = performance.now();
  using journal = new Journal(folder.launches);
  const measure = launcherOf(builds, rig, signal);
  const onEvent = duetProgress(plan, io, quiet);
  const course = await runDuet({ plan, measure, journal, onEvent, now: () => performance.now() }, signal);
  const arm = (source: ArmSource): Arm => ({ label: labelOf(source), toolVersion: toolVersion(), startedAt });
  const comparison = judgeDuet(plan, course, {
    runId,
    planHash,
    base: arm(base),
    head: arm(head),
    environmentDifferences: identityMismatch(environment.identity, readEnvironment().identity),
    remarks: [...notes, ...builds.notes],
    notCompared: family.left,
    tookMs: performance.now() - startedMs,
  });
  writeFileDurably(folder.comparison, jsonText(comparison));
  writeFileDurably(
    folder.manifest,
    jsonText({ ...manifest, status: course.aborted ? 'aborted' : 'complete' }),
  );
  await writeDuetReport({ folder, comparison, manifest }, options.format, io);
  return exitCodeOf(comparison.duet.verdict, options.strict);
}

/** Runs every subject once, and makes the family of what both builds carry. */
async function rehearseAll(
  asked: readonly Subject[],
  config: DuetConfig,
  builds: Builds,
  rig: DuetRig,
  signal: AbortSignal,
): Promise<{
  readonly subjects: readonly Subject[];
  readonly family: Family;
  readonly notes: readonly string[];
}> {
  const measure = launcherOf(builds, { ...rig, timing: rehearsalTiming(config.timing) }, signal);
  const subjects: Subject[] = [];
  const left: NotCompared[] = [];
  const notes: string[] = [];
  for (const subject of asked) {
    if (subject.kind === 'server') {
      const failed = await rehearse(subject, measure);
      if (failed !== undefined) notes.push(failed);
      subjects.push(subject);
      continue;
    }
    const shared = await findShared(subject, builds, rig, signal);
    subjects.push({ ...subject, benchmarks: shared.names });
    left.push(...shared.left.map((why) => ({ scenario: 'micro', server: subject.name, why })));
  }
  const family = familyOf(subjects, config);
  return { subjects, family: { ...family, left: [...left, ...family.left] }, notes };
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
