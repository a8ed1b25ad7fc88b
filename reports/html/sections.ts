/** The order and the headings of a report's sections. */
import type { SectionId } from '../view/view.ts';

export const SECTIONS: readonly (readonly [id: SectionId, title: string])[] = [
  ['verdict', 'Verdict'],
  ['warnings', 'Warnings'],
  ['elapsed', 'Elapsed time'],
  ['overhead', 'Overhead'],
  ['panels', 'Server by server'],
  ['latency', 'Latency'],
  ['throughput', 'Throughput'],
  ['cost', 'Cost'],
  ['lost', 'Losses, and what the scenario counts'],
  ['inside', 'Inside a trial'],
  ['order', 'Trials in the order they ran'],
  ['comparison', 'Comparison'],
  ['tables', 'Figures, method, environment'],
];
