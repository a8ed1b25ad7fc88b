/** How the arms share the machine: what was asked for, what this machine can do, and what comes of it. */
import { coresOf } from '../../observe/parse/machine.ts';
import type { Arrangement, ServerSubject } from '../../results/schema/duet-plan.ts';
import type { EnvironmentIdentity } from '../../results/schema/run.ts';
import { canPin } from '../../rig/cores.ts';
import { canExchange } from '../launch/keep.ts';

/** What the machine can do, and what was asked for. */
export interface ArrangementWish {
  readonly asked: Arrangement;
  /** Cores that may be used, whether processes can be kept on one, and whether two groups can exchange theirs. */
  readonly cores: number;
  readonly canPin: boolean;
  readonly canExchange: boolean;
  /** The first two cores; null where there is one only. */
  readonly pair: readonly [number, number] | null;
}

/** What this machine can do for the arrangement that was asked for. */
export async function arrangementWish(
  asked: ArrangementWish['asked'],
  { cpusAllowed, cpuCount }: Pick<EnvironmentIdentity, 'cpusAllowed' | 'cpuCount'>,
): Promise<ArrangementWish> {
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

type Arranged = Pick<ServerSubject, 'arrangement' | 'arrangedBecause'>;

/**
 * A core for each arm wherever that can be done, also for servers of several workers, which then share a core; exchanged
 * all the time where that can be done. Anything else spreads several times as widely
 * (docs/decisions/0007-duet-arrangement.md).
 */
export function arrange({ asked, cores, canPin, canExchange }: Omit<ArrangementWish, 'pair'>): Arranged {
  const inTurn = (arrangedBecause: string): Arranged => ({ arrangement: 'in-turn', arrangedBecause });
  const sideBySide = (arrangedBecause: string): Arranged => ({
    arrangement: 'side-by-side',
    arrangedBecause,
  });
  if (cores < 2) {
    return inTurn('only one core is available, so the machine may change between the arms');
  }
  if (!canPin) return inTurn('taskset (util-linux), which keeps each arm on its core, is not installed');
  if (asked === 'in-turn') return inTurn('as requested; each arm uses all cores');
  if (asked === 'side-by-side') return sideBySide('as requested; each arm has a core');
  if (!canExchange) {
    return sideBySide(
      'the arms exchange their cores only between slices, because the program that exchanges them continuously is not built ("make servers" builds it)',
    );
  }
  return {
    arrangement: 'exchange',
    arrangedBecause: 'each arm has a core, and the arms exchange them continuously',
  };
}
