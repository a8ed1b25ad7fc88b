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

export interface InRounds<Arm, Figure> {
  /** A name for an arm, unique in the table. */
  readonly nameOf: (arm: Arm) => string;
  /** Makes what the arms of a round share; it is gone after the round. */
  readonly openRound?: () => Promise<AsyncDisposable>;
  /** Measures one arm within one round. */
  readonly measure: (arm: Arm, round: number) => Promise<readonly Figure[]>;
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
 * @throws the signal's reason when aborted, since half a table would be taken for a whole one; what `openRound` throws
 */
export async function measureInRounds<Arm, Figure>(
  arms: readonly Arm[],
  effort: Effort,
  { nameOf, openRound, measure, onEvent, signal }: InRounds<Arm, Figure>,
): Promise<Measured<Figure>> {
  const random = seededRandom(SEED);
  const figures: Figure[] = [];
  const failures: string[] = [];
  let rounds = 0;
  for (const round of roundsOf(effort)) {
    await using _ = await openRound?.();
    for (const [done, arm] of random.shuffled(arms).entries()) {
      onEvent({ kind: 'measuring', round, done, total: arms.length, arm: nameOf(arm) });
      try {
        figures.push(...(await measure(arm, round)));
        signal.throwIfAborted();
      } catch (error) {
        signal.throwIfAborted();
        const failure = `${nameOf(arm)}: ${messageOf(error)}`;
        failures.push(failure);
        onEvent({ kind: 'failed', failure });
      }
    }
    rounds = round;
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
