/** How every table of the lab is measured: all its arms once a round, in a new order each, as long as there is time. */
import { messageOf } from '../errors.ts';
import { seededRandom } from '../plan/random.ts';

const SEED = 1;

/** How long to go on. */
export interface Effort {
  /** At most so many rounds. */
  readonly rounds: number;
  /** No further round is begun that would probably end later than so many ms after the start. */
  readonly withinMs: number;
}

/** What a table tells while it is measured. */
export type LabEvent =
  | {
      readonly kind: 'measuring';
      readonly round: number;
      /** Arms of this round that are done, and all of them. */
      readonly done: number;
      readonly total: number;
      readonly arm: string;
    }
  | { readonly kind: 'failed'; readonly failure: string };

/** Measures one arm within one round. */
export type MeasureArm<Arm, Figure> = (arm: Arm) => Promise<readonly Figure[]>;

export interface InRounds<Arm, Figure> {
  /** A name for an arm, unique in the table. */
  readonly nameOf: (arm: Arm) => string;
  /** Runs one round: calls `measureAll` once, with whatever the arms of a round share made before and gone after. */
  readonly round: (
    number: number,
    measureAll: (measure: MeasureArm<Arm, Figure>) => Promise<void>,
  ) => Promise<void>;
  readonly onEvent: (event: LabEvent) => void;
  readonly signal: AbortSignal;
}

export interface Measured<Figure> {
  /** In the order of the rounds. */
  readonly figures: readonly Figure[];
  /** One sentence for each arm that failed in a round. */
  readonly failures: readonly string[];
  /** Rounds that were measured. */
  readonly rounds: number;
}

/**
 * Measures every arm once a round, in an order drawn anew, so that whatever drifts on the machine falls on all alike.
 * An arm that fails is told and left out of its round.
 *
 * @throws the signal's reason when aborted, since half a table would be taken for a whole one; what `round` itself throws
 */
export async function measureInRounds<Arm, Figure>(
  arms: readonly Arm[],
  effort: Effort,
  { nameOf, round, onEvent, signal }: InRounds<Arm, Figure>,
): Promise<Measured<Figure>> {
  const random = seededRandom(SEED);
  const figures: Figure[] = [];
  const failures: string[] = [];
  let rounds = 0;
  for (const number of roundsOf(effort)) {
    await round(number, async (measure) => {
      for (const [done, arm] of random.shuffled(arms).entries()) {
        onEvent({ kind: 'measuring', round: number, done, total: arms.length, arm: nameOf(arm) });
        try {
          figures.push(...(await measure(arm)));
          signal.throwIfAborted();
        } catch (error) {
          signal.throwIfAborted();
          const failure = `${nameOf(arm)}: ${messageOf(error)}`;
          failures.push(failure);
          onEvent({ kind: 'failed', failure });
        }
      }
    });
    rounds = number;
  }
  return { figures, failures, rounds };
}

/** Numbers the rounds for which there is time, from 1. The first always is. */
export function* roundsOf({ rounds, withinMs }: Effort, now = () => performance.now()): Generator<number> {
  const startedMs = now();
  for (let round = 1; round <= rounds; round++) {
    const spentMs = now() - startedMs;
    if (round > 1 && spentMs + spentMs / (round - 1) > withinMs) return;
    yield round;
  }
}
