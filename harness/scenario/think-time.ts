/**
 * Think times as people write them: `5ms` (fixed), `uniform:2ms..8ms`, `exponential:5ms`.
 *
 * A scenario declares a parameter of kind `think`, whose value stays text, and turns it into what the engine's loop
 * takes with `thinkTimeOf`.
 */
import { parseDuration } from './duration.ts';

/** A distribution of pauses, in ms. */
export type ThinkTime =
  | { readonly kind: 'fixed'; readonly ms: number }
  | { readonly kind: 'uniform'; readonly lowMs: number; readonly highMs: number }
  | { readonly kind: 'exponential'; readonly meanMs: number };

/** A text that is no think time. */
export interface Wrong {
  readonly kind: 'wrong';
  readonly why: string;
}

/** Timers have a grain of 1 ms, so that a shorter pause would not be what it says. */
const GRAIN_MS = 1;

/** What is wrong with a think time, or what it is. 0 is none at all. */
export function parseThinkTime(text: string): ThinkTime | Wrong {
  const [name, rest] = splitAt(text.trim(), ':');
  if (rest === undefined) {
    const ms = parseDuration(name);
    if (ms === undefined) return wrong();
    return ms > 0 && ms < GRAIN_MS ? tooShort(ms) : { kind: 'fixed', ms };
  }
  if (name === 'exponential') {
    const meanMs = parseDuration(rest);
    if (meanMs === undefined) return wrong();
    return meanMs < GRAIN_MS ? tooShort(meanMs) : { kind: 'exponential', meanMs };
  }
  if (name === 'uniform') {
    const [low, high = ''] = splitAt(rest, '..');
    const [lowMs, highMs] = [parseDuration(low), parseDuration(high)];
    if (lowMs === undefined || highMs === undefined || lowMs > highMs) return wrong();
    return lowMs < GRAIN_MS ? tooShort(lowMs) : { kind: 'uniform', lowMs, highMs };
  }
  return wrong();
}

/** Its mean, in ms. @throws RangeError for a text that `parseThinkTime` calls wrong */
export function meanThinkMs(text: string): number {
  const think = checked(text);
  switch (think.kind) {
    case 'fixed':
      return think.ms;
    case 'uniform':
      return (think.lowMs + think.highMs) / 2;
    case 'exponential':
      return think.meanMs;
  }
}

/**
 * What `ExchangeLoop.thinkMs` takes: a number where it is fixed, otherwise a function that draws.
 *
 * @param random uniform in [0, 1)
 * @throws RangeError for a text that `parseThinkTime` calls wrong
 */
export function thinkTimeOf(text: string, random: () => number): number | (() => number) {
  const think = checked(text);
  switch (think.kind) {
    case 'fixed':
      return think.ms;
    case 'uniform':
      return () => think.lowMs + random() * (think.highMs - think.lowMs);
    case 'exponential':
      // 1 − u lies in (0, 1], so that the logarithm is finite.
      return () => -think.meanMs * Math.log(1 - random());
  }
}

function checked(text: string): ThinkTime {
  const think = parseThinkTime(text);
  if (think.kind === 'wrong') throw new RangeError(`think time ${text}: ${think.why}`);
  return think;
}

function wrong(): Wrong {
  return { kind: 'wrong', why: 'give 0, a duration such as 5ms, uniform:2ms..8ms or exponential:5ms' };
}

function tooShort(ms: number): Wrong {
  return { kind: 'wrong', why: `${ms} ms is shorter than the timers' grain; give 0, or 1ms or more` };
}

function splitAt(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
