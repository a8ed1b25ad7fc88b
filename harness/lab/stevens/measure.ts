/** Measures arms as trials, with the machinery that every run uses. */
import type { Trial } from '../../results/schema/plan.ts';
import type { CompletedTrial } from '../../results/schema/trial.ts';
import { planLoad } from '../../run/preflight.ts';
import { runTrial, type TrialSetting } from '../../run/trial.ts';
import { UnfitError } from '../../errors.ts';
import type { Cores } from '../../rig/cores.ts';
import { openLab } from '../lab.ts';
import { measureInRounds, type Effort, type LabEvent, type Measured } from '../rounds.ts';
import { resolveArm, type Arm, type ResolvedArm } from './arm.ts';

const SEED = 1;

export interface MeasuredArms extends Omit<Measured<CompletedTrial>, 'figures'> {
  /** By name of the arm, in the order of the rounds. */
  readonly trials: ReadonlyMap<string, readonly CompletedTrial[]>;
  /** Where server and clients ran; undefined: wherever the kernel put them. */
  readonly cores: Cores | undefined;
}

/**
 * Measures every arm once a round, in turn. The first round is always measured.
 *
 * @throws UnfitError where a server is not available or the machine cannot carry the load; the signal's reason when
 *   aborted
 */
export async function measureArms(
  arms: readonly Arm[],
  effort: Effort,
  onEvent: (event: LabEvent) => void,
  signal: AbortSignal,
): Promise<MeasuredArms> {
  const resolved = await Promise.all(arms.map(resolveArm));
  await using lab = await openLab();
  const servers = resolved.map(({ server }) => server);
  const clients = arms.map(({ load }) => load.clients);
  const { generators, hosts } = planLoad({ servers, clients }, lab.environment);
  const setting: TrialSetting = {
    rig: lab.rig,
    backend: lab.rig.loadBackend({ generators }),
    hosts,
    serverCores: lab.cores?.server,
    // Clients of a table keep no files.
    files: '/nowhere',
    readyDeadlineMs: 30_000,
    stopGraceMs: 5000,
    samplePeriodMs: 100,
    rampMs: 0,
    runStartedMs: performance.now(),
  };
  let index = 0;
  const { figures, failures, rounds } = await measureInRounds<ResolvedArm, CompletedTrial>(resolved, effort, {
    nameOf: ({ server }) => server.name,
    round: (repetition, measureAll) =>
      measureAll(async (arm) => {
        const trial = trialOf(arm, index++, repetition);
        const result = await runTrial(trial, arm.server, arm.scenario, setting, signal);
        if (result.status === 'failed') throw new UnfitError(result.failure.message);
        return result.status === 'completed' ? [result] : [];
      }),
    onEvent,
    signal,
  });
  const trials = Map.groupBy(figures, ({ trial }) => trial.server);
  return { trials, failures, rounds, cores: lab.cores };
}

function trialOf(
  { server, scenario, clients, deadlineMs }: ResolvedArm,
  index: number,
  repetition: number,
): Trial {
  return { index, server: server.name, scenario: scenario.id, clients, repetition, seed: SEED, deadlineMs };
}
