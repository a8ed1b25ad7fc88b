/** What all launches of a duet are made with: generators, guards and cores, as long as the duet lasts. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { processesBackend } from '../../load/generator/processes.ts';
import type { EnvironmentIdentity } from '../../results/schema/environment.ts';
import { Guard } from '../../rig/guard.ts';
import { fillPlace, type Builds } from '../builds/builds.ts';
import { canPin, coresOf } from './cores.ts';
import { canExchange } from './exchange.ts';
import { launchMicro } from './micro-launch.ts';
import { launchServer, type DuetRig } from './server-launch.ts';
import type { PlannedLaunch, Subject, Timing } from '../../results/schema/duet-plan.ts';
import type { LaunchOutcome } from '../../results/schema/duet-launch.ts';
import type { ArrangementWish } from '../planning/subjects.ts';

/** Figures that every launch has, whatever is compared. */
const SETTING = {
  host: '127.0.0.1',
  readyDeadlineMs: 15_000,
  stopGraceMs: 5000,
  samplePeriodMs: 100,
} as const;

export type OpenDuetRig = DuetRig & AsyncDisposable;

/** What this machine can do for the arrangement that was asked for. */
export async function arrangementWish(
  asked: ArrangementWish['asked'],
  { cpusAllowed, cpuCount }: Pick<EnvironmentIdentity, 'cpusAllowed' | 'cpuCount'>,
): Promise<ArrangementWish & { readonly pair: readonly [number, number] | null }> {
  const cores = coresOf(String(cpusAllowed ?? `0-${cpuCount - 1}`));
  const [first, second] = cores;
  return {
    asked,
    cores: cores.length,
    canPin: await canPin(),
    canExchange: canExchange(),
    pair: first === undefined || second === undefined ? null : [first, second],
  };
}

/**
 * @param folder logs and files of clients go below it
 */
export function openDuetRig(
  folder: string,
  timing: Timing,
  cores: readonly [number, number] | null,
): OpenDuetRig {
  const setting = { ...SETTING, logs: join(folder, 'logs'), files: join(folder, 'files') };
  for (const path of [setting.logs, setting.files]) mkdirSync(path, { recursive: true });
  // Each arm has a mark of its own, by which its processes are told from the other's.
  const mark = `duet-${process.pid}-${performance.now().toString(36).replace('.', '')}`;
  const marks = { base: `${mark}-a`, head: `${mark}-b` };
  const guards = { base: new Guard(marks.base), head: new Guard(marks.head) };
  const backends = [processesBackend(), processesBackend()] as const;
  return {
    backends,
    cores,
    marks,
    guards,
    timing,
    setting,
    async [Symbol.asyncDispose]() {
      await Promise.all([...backends, guards.base, guards.head].map((each) => each[Symbol.asyncDispose]()));
    },
  };
}

/** Makes launches of any subject with this rig on these builds. */
export function launcherOf(
  builds: Pick<Builds, 'place'>,
  rig: DuetRig,
  signal: AbortSignal,
): (launch: PlannedLaunch, subject: Subject) => Promise<LaunchOutcome> {
  return async (launch, subject) => {
    const places = builds.place(launch);
    if (subject.kind === 'micro') return await launchMicro(subject, launch, places, rig, signal);
    const { base, head } = subject.commands;
    const commands = {
      base: fillPlace(base, places.base),
      head: fillPlace(launch.contrast === 'head' ? head : base, places.head),
    };
    return await launchServer(subject, launch, commands, rig, signal);
  };
}
