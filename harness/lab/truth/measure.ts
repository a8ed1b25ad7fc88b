/** Measures a known truth as a run of one trial, and compares what its summary shows. */
import { messageOf, UnfitError } from '../../errors.ts';
import type { Plan } from '../../results/schema/plan.ts';
import { openRig } from '../../rig/rig.ts';
import type { KnownTruth } from './cases.ts';
import { compared, type Answer, type Compared } from './compare.ts';
import { doneBy, knownCommand, missingKnownServer } from './known-server.ts';
import { measureRun, planRun, type Measuring } from './run.ts';

/** Of a truth that a busy machine hid; a figure that is false stays so. */
const ATTEMPTS = 3;

/** All figures of one truth. */
export interface MeasuredTruth extends Pick<KnownTruth, 'name' | 'title'> {
  readonly figures: readonly Compared[];
  /** Why there are none; null where there are. */
  readonly failure: string | null;
}

/**
 * Measures a truth, again where the machine was too busy to tell.
 *
 * @throws UnfitError where the server is not built, the signal's reason when aborted
 */
export async function measureTruth(known: KnownTruth, setting: Measuring): Promise<MeasuredTruth> {
  const missing = missingKnownServer();
  if (missing !== undefined) throw new UnfitError(missing);
  const { name, title, behaviour, load } = known;
  const plan = await planRun({
    ...load,
    ...(known.warm ? { warm: true } : {}),
    servers: [{ name, command: knownCommand(behaviour) }],
    clients: [load.clients],
    trialsPerCell: 1,
    seed: 1,
  });
  await using bare = known.withoutCgroup ? openRig({ cgroups: false }) : undefined;
  const here = { ...setting, rig: bare ?? setting.rig };
  for (let attempt = 1; ; attempt++) {
    try {
      const figures = await compareOnce(known, plan, here);
      const hidden = figures.some(({ answer }) => answer === 'not resolvable');
      if (!hidden || attempt === ATTEMPTS) return { name, title, figures, failure: null };
    } catch (error) {
      setting.signal.throwIfAborted();
      return { name, title, figures: [], failure: messageOf(error) };
    }
  }
}

/** The gravest of a truth's answers. */
export function answerOf({ figures, failure }: MeasuredTruth): Answer {
  const has = (answer: Answer): boolean => figures.some((figure) => figure.answer === answer);
  if (failure !== null || has('false')) return 'false';
  return has('not resolvable') ? 'not resolvable' : 'true';
}

async function compareOnce(
  { figures }: KnownTruth,
  plan: Plan,
  measuring: Measuring,
): Promise<readonly Compared[]> {
  const { summary, trials } = await measureRun(plan, measuring);
  const [trial] = trials;
  const [cell] = summary.cells;
  if (trial?.status !== 'completed' || !cell) {
    throw new UnfitError(trial?.status === 'failed' ? trial.failure.message : 'The trial did not end.');
  }
  const done = doneBy(trial.serverStatistics);
  const asked = { clients: trial.load.clients.asked, exchanges: trial.load.exchanges.completed };
  return figures.map((figure) => compared(figure, { cell, warnings: summary.warnings }, { done, asked }));
}
