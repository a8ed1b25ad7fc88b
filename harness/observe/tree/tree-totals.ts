import type { ProcessFigures } from '../parse/stat.ts';

/** Sums over the living processes of a tree, kept up by what changes: a sample need not touch those that sleep. */
export class TreeTotals {
  processes = 0;
  threads = 0;
  rssPages = 0;
  /** In ticks, with what children that ended had. */
  userTicks = 0;
  systemTicks = 0;

  add(figures: ProcessFigures): void {
    this.#count(figures, 1);
  }

  remove(figures: ProcessFigures): void {
    this.#count(figures, -1);
  }

  #count(figures: ProcessFigures, sign: 1 | -1): void {
    this.processes += sign;
    this.threads += sign * figures.threads;
    this.rssPages += sign * figures.rssPages;
    this.userTicks += sign * (figures.userTicks + figures.childUserTicks);
    this.systemTicks += sign * (figures.systemTicks + figures.childSystemTicks);
  }
}
