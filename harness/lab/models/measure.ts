/** Measures what a connection and a message cost every model, each beside the base of the same moment. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selectScenarios } from '../../catalogue/scenarios.ts';
import { selectServers } from '../../catalogue/servers.ts';
import { messageOf } from '../../errors.ts';
import { readEnvironment } from '../../observe/machine/environment.ts';
import { seededRandom } from '../../plan/random.ts';
import { Guard } from '../../rig/guard.ts';
import { confine, type Cores } from '../tables/cores.ts';
import type { Effort } from '../tables/measure.ts';
import { requireBareClient } from './bare-client.ts';
import { doseOf, unitsOf, type Dose, type Unit } from './doses.ts';
import { BASE, figuresOf, nameOf, type ReferenceRow } from './reference.ts';
import { Subject, type SubjectSetting } from './subject.ts';

const SEED = 1;

/** One slice of a model, and what the base cost at that moment. */
export interface Slice {
  readonly row: ReferenceRow;
  readonly unit: Unit;
  /** CPU time of a unit, in µs. */
  readonly costUs: number;
  /** The same of the base: the mean of its slices right before and right after. */
  readonly baseUs: number;
}

export interface MeasuredModels {
  readonly slices: readonly Slice[];
  /** One sentence for each server that failed in a round. */
  readonly failures: readonly string[];
  /** Rounds that were measured. */
  readonly rounds: number;
  /** Where server and clients ran; undefined: wherever the kernel put them. */
  readonly cores: Cores | undefined;
}

/** What is measured at this moment, for a progress line. */
export interface Step {
  readonly round: number;
  readonly done: number;
  readonly total: number;
  readonly server: string;
}

/**
 * In every round each server is started afresh, warmed up, and measured in slices; a base that lives as long as the
 * round is measured before, between and after them. The first round is always measured.
 *
 * @throws UnfitError where a server or the bare client is not available, or the base fails; the signal's reason when
 *   aborted, since half a table would be taken for one
 */
export async function measureModels(
  rows: readonly ReferenceRow[],
  { rounds, withinMs }: Effort,
  onStep: (step: Step) => void,
  signal: AbortSignal,
): Promise<MeasuredModels> {
  requireBareClient();
  await using confinement = await confine(readEnvironment().identity.cpusAllowed);
  const { cores } = confinement;
  const command = await commands(cores);
  const jobs = rows.map((row) => ({ row, command: command(row) }));
  const random = seededRandom(SEED);
  const logs = mkdtempSync(join(tmpdir(), 'holdfast-table-'));
  const slices: Slice[] = [];
  const failures: string[] = [];
  const startedMs = performance.now();
  let round = 0;
  try {
    const mark = `models-${process.pid}`;
    await using guard = new Guard(mark);
    const setting = { mark, logs };
    const another = (): boolean => {
      const spentMs = performance.now() - startedMs;
      return round < rounds && (round === 0 || spentMs + spentMs / round <= withinMs);
    };
    while (another()) {
      round += 1;
      await using base = await Subject.start('base', command({ variant: BASE }), setting, signal);
      for (const [done, job] of random.shuffled(jobs).entries()) {
        onStep({ round, done, total: jobs.length, server: nameOf(job.row) });
        try {
          slices.push(...(await measureOne(job, base, guard, setting, signal)));
        } catch (error) {
          signal.throwIfAborted();
          failures.push(`${nameOf(job.row)}: ${messageOf(error)}`);
        }
      }
    }
    return { slices, failures, rounds: round, cores };
  } finally {
    rmSync(logs, { recursive: true, force: true });
  }
}

interface Job {
  readonly row: ReferenceRow;
  readonly command: readonly string[];
}

async function measureOne(
  { row, command }: Job,
  base: Subject,
  guard: Guard,
  setting: SubjectSetting,
  signal: AbortSignal,
): Promise<readonly Slice[]> {
  await using subject = await Subject.start(nameOf(row), command, setting, signal);
  guard.watch([base.groupId, subject.groupId]);
  const slices: Slice[] = [];
  for (const { unit } of figuresOf(row)) {
    const dose = doseOf(row, unit);
    const baseDose = doseOf({ variant: BASE }, unit);
    if (dose.warmUp) await subject.cpuUs(dose.warmUp, signal);
    if (baseDose.warmUp) await base.cpuUs(baseDose.warmUp, signal);
    let before = await cost(base, baseDose, signal);
    for (let i = 0; i < dose.slices; i += 1) {
      const costUs = await cost(subject, dose, signal);
      const after = await cost(base, baseDose, signal);
      slices.push({ row, unit, costUs, baseUs: (before + after) / 2 });
      before = after;
    }
  }
  return slices;
}

/** CPU time of one unit in µs. */
async function cost(subject: Subject, dose: Dose, signal: AbortSignal): Promise<number> {
  const lessUs = dose.less ? await subject.cpuUs(dose.less, signal) : 0;
  return ((await subject.cpuUs(dose.load, signal)) - lessUs) / unitsOf(dose);
}

/** How the server of a row is started, on its core. */
async function commands(cores: Cores | undefined): Promise<(row: ReferenceRow) => readonly string[]> {
  const scenarios = await selectScenarios(['echo'], []);
  return ({ variant, workers, slots }) => {
    const sizing = {
      ...(workers === undefined ? {} : { workers }),
      ...(slots === undefined ? {} : { slots }),
    };
    const [server] = selectServers({ names: [variant], commands: [], manifest: [], sizing }, scenarios);
    const command = Object.values(server?.commands ?? {})[0] ?? [];
    return [...(cores ? ['taskset', '--cpu-list', cores.server] : []), ...command];
  };
}
