/** How the arms share the machine: what was asked for, what this machine can do, and what comes of it. */
import { coresOf } from '../../observe/parse/machine.ts';
import type { Arrangement, ServerSubject } from '../../results/schema/duet-plan.ts';
import type { EnvironmentIdentity } from '../../results/schema/run.ts';
import { canPin } from '../../rig/cores.ts';
import { canExchange } from '../launch/keep.ts';

/** How the arms of every subject share the machine, and why. */
export type Arranged = Pick<ServerSubject, 'arrangement' | 'arrangedBecause'>;

/** Arranges the arms as asked, as far as this machine can. @returns its first two cores too; null where there is one only */
export async function arrangeHere(
  asked: Arrangement,
  { cpusAllowed, cpuCount }: EnvironmentIdentity,
): Promise<{ readonly arranged: Arranged; readonly cores: readonly [number, number] | null }> {
  const all = coresOf(String(cpusAllowed ?? `0-${cpuCount - 1}`));
  const [first, second] = all;
  return {
    arranged: arrange(asked, { cores: all.length, canPin: await canPin(), canExchange: canExchange() }),
    cores: first === undefined || second === undefined ? null : [first, second],
  };
}

/** Cores that may be used, whether processes can be kept on one, and whether two groups can exchange theirs. */
interface Possible {
  readonly cores: number;
  readonly canPin: boolean;
  readonly canExchange: boolean;
}

/**
 * A core for each arm wherever that can be done, also for servers of several workers, which then share a core; exchanged
 * all the time where that can be done. Anything else spreads several times as widely
 * (docs/decisions/0007-duet-arrangement.md).
 */
export function arrange(asked: Arrangement, { cores, canPin, canExchange }: Possible): Arranged {
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
