/** Measures the arms of a table with the run machinery that every run uses, in a folder that is thrown away. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../../observe/machine/environment.ts';
import type { Trial } from '../../results/schema/plan.ts';
import type { CompletedTrial, TrialResult } from '../../results/schema/trial.ts';
import { createRunFolder, newRunId } from '../../results/folder.ts';
import { execute } from '../../run/execute.ts';
import { openRig } from '../../rig/rig.ts';
import { planLoad } from '../../run/preflight.ts';
import type { RunEvent } from '../../run/run-loop.ts';
import { planArms, type Arm } from './arm.ts';
import { confine, type Cores } from './cores.ts';

const READY_DEADLINE_MS = 30_000;
const STOP_GRACE_MS = 5000;
const SAMPLE_PERIOD_MS = 100;
const SEED = 1;

export interface Measured {
  /** By name of the arm, in the order of the rounds. */
  readonly trials: ReadonlyMap<string, readonly CompletedTrial[]>;
  /** One sentence for each trial that failed. */
  readonly failures: readonly string[];
  /** Rounds that were measured. */
  readonly rounds: number;
  /** Where server and clients ran; undefined: wherever the kernel put them. */
  readonly cores: Cores | undefined;
}

/** How long to go on. */
export interface Effort {
  readonly rounds: number;
  /** No further round is begun that would probably end later than so many ms after the start. */
  readonly withinMs: number;
}

/**
 * Measures every arm once a round, in turn. The first round is always measured.
 *
 * @throws UnfitError where a server is not available or the machine cannot carry the load; the signal's reason when
 *   aborted, since half a table would be taken for one
 */
export async function measureArms(
  arms: readonly Arm[],
  { rounds, withinMs }: Effort,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<Measured> {
  const environment = readEnvironment();
  await using confinement = await confine(environment.identity.cpusAllowed);
  const plan = await planArms(arms, rounds, SEED, confinement.cores);
  const roundOf = (round: number): readonly Trial[] =>
    plan.trials.filter(({ repetition }) => repetition === round);
  const startedMs = performance.now();
  let round = 1;
  const nextRound = (): readonly Trial[] => {
    const spentMs = performance.now() - startedMs;
    const roundMs = spentMs / round;
    round += 1;
    return spentMs + roundMs <= withinMs ? roundOf(round) : [];
  };
  const { generators, hosts } = planLoad(plan, environment);
  const place = mkdtempSync(join(tmpdir(), 'holdfast-table-'));
  try {
    const folder = createRunFolder(place, newRunId(new Date()));
    await using rig = openRig({ logs: folder.logs });
    const { trials } = await execute(
      {
        plan: { ...plan, trials: roundOf(1) },
        folder,
        finished: [],
        rig,
        backend: rig.loadBackend({ generators }),
        options: {
          hosts,
          readyDeadlineMs: READY_DEADLINE_MS,
          stopGraceMs: STOP_GRACE_MS,
          samplePeriodMs: SAMPLE_PERIOD_MS,
        },
        more: nextRound,
        onEvent,
      },
      signal,
    );
    signal.throwIfAborted();
    return { ...byArm(arms, trials), cores: confinement.cores };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function byArm(arms: readonly Arm[], results: readonly TrialResult[]): Omit<Measured, 'cores'> {
  const trials = new Map<string, CompletedTrial[]>(arms.map(({ name }) => [name, []]));
  const failures: string[] = [];
  for (const result of results) {
    if (result.status === 'failed') failures.push(`${result.trial.server}: ${result.failure.message}`);
    if (result.status === 'completed') trials.get(result.trial.server)?.push(result);
  }
  const rounds = Math.max(0, ...results.map(({ trial }) => trial.repetition));
  return { trials, failures, rounds };
}
