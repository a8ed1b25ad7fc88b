/** What one check of the doctor found, and how a check of the machine is written. */
import type { MachineFacts } from './facts.ts';

/** `fail`: what is measured here cannot be trusted. `warn`: it can, with less certainty or in a smaller range. */
export type Status = 'ok' | 'warn' | 'fail';

export interface Finding {
  /** Names the check, such as `open-files`. */
  readonly id: string;
  readonly status: Status;
  /** The figure that was found, with its unit, short enough for a column. */
  readonly figure: string;
  /** One sentence: what the figure means. */
  readonly message: string;
  /** What to do about it; null where nothing is to be done. */
  readonly advice: string | null;
}

/** What a check makes of the facts. */
interface Judgement extends Pick<Finding, 'status' | 'figure' | 'message'> {
  /** What to do where the status is not `ok`. */
  readonly advice?: string | undefined;
  /** What would help although nothing is wrong. */
  readonly hint?: string | undefined;
}

/** A check of the machine. */
export type Check = (facts: MachineFacts) => Finding;

/** Makes a check of what it is called and how it judges. */
export function check(id: string, judge: (facts: MachineFacts) => Judgement): Check {
  return (facts) => {
    const { status, figure, message, advice, hint } = judge(facts);
    return { id, status, figure, message, advice: (status === 'ok' ? hint : advice) ?? null };
  };
}

/** The more, the better: `ok` from `enough` on, `warn` from `least` on. */
export function atLeast(value: number, enough: number, least = -Infinity): Status {
  return value >= enough ? 'ok' : value >= least ? 'warn' : 'fail';
}

/** The less, the better: `ok` up to `quiet`, `warn` below `tooMuch`. */
export function atMost(value: number, quiet: number, tooMuch = Infinity): Status {
  return value <= quiet ? 'ok' : value < tooMuch ? 'warn' : 'fail';
}

/** What the kernel does not say is no reason to doubt the machine. */
export function unknown(message: string): Judgement {
  return { status: 'ok', figure: 'unknown', message };
}
