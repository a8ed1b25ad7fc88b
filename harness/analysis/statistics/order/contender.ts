/** What is compared: the median of a server, with how sure it is. */
import type { OfSeveral } from './critical.ts';

export interface Contender extends OfSeveral {
  readonly server: string;
  /** ln of the median as it is shown, and of the median without block effects; the smaller is the better. */
  readonly shown: number;
  readonly centre: number;
}

export interface Level {
  readonly level: number;
  readonly contenders: readonly Contender[];
}

/** What is compared: a server at a level, or over all levels. */
export type Compared = Pick<Contender, 'server' | 'shown' | 'centre'>;

/** Whether the first is told to be better. The medians as shown must say the same as those without block effects. */
export function isBetter<T extends Compared>(a: T, b: T, critical: (a: T, b: T) => number): boolean {
  return a.shown < b.shown && b.centre - a.centre >= critical(a, b);
}

/** Every two of them. */
export function pairsOf<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((first, i) => items.slice(i + 1).map((second): [T, T] => [first, second]));
}
