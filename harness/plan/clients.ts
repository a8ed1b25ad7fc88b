/** Client counts as people write them: `50`, `1,10,100`, `1..500`, `1..500:50`, `1..512*2`, and commas between any of them. */
import { UsageError } from '../errors.ts';

/** No trial drives more clients; more would need more than one machine's ports and descriptors. */
export const MAX_CLIENTS = 100_000;
/** No plan has more levels; more would be a mistyped step. */
export const MAX_LEVELS = 200;

const FORMS = 'write 50, 1,10,100, 1..500 (1-2-5 series), 1..500:50 (linear step) or 1..512*2 (geometric)';

/**
 * Parses a set of client counts.
 *
 * @returns ascending, distinct, each from 1 to {@link MAX_CLIENTS}, at most {@link MAX_LEVELS}
 * @throws UsageError that says which part is wrong and what to write
 */
export function parseClients(text: string): number[] {
  const levels = new Set<number>();
  for (const part of text.split(',')) {
    for (const level of parsePart(part.trim(), text)) {
      levels.add(level);
      if (levels.size > MAX_LEVELS) {
        throw new UsageError(
          `--clients ${text}: that is more than ${MAX_LEVELS} client counts; take a larger step, such as 1..500:50.`,
        );
      }
    }
  }
  return [...levels].sort((a, b) => a - b);
}

function parsePart(part: string, whole: string): Iterable<number> {
  const match = /^(\d+)(?:\.\.(\d+)(?:(:|\*)(\d+(?:\.\d+)?))?)?$/.exec(part);
  if (!match) throw new UsageError(`--clients ${whole}: "${part}" is not a client count; ${FORMS}.`);
  const from = clientCount(match[1] ?? '', whole);
  if (match[2] === undefined) return [from];
  const to = clientCount(match[2], whole);
  if (to < from) throw new UsageError(`--clients ${whole}: the range runs backwards; write ${to}..${from}.`);
  if (match[3] === undefined) return series125(from, to);
  const step = Number(match[4]);
  if (match[3] === ':') {
    if (!Number.isInteger(step) || step < 1) {
      throw new UsageError(`--clients ${whole}: the step after ":" is a whole number of at least 1.`);
    }
    return linear(from, to, step);
  }
  if (!(step > 1)) {
    throw new UsageError(
      `--clients ${whole}: the factor after "*" is greater than 1, such as ${from}..${to}*2.`,
    );
  }
  return geometric(from, to, step);
}

function clientCount(digits: string, whole: string): number {
  const value = Number(digits);
  if (value < 1) throw new UsageError(`--clients ${whole}: a trial has at least 1 client; ${FORMS}.`);
  if (value > MAX_CLIENTS) {
    throw new UsageError(
      `--clients ${whole}: at most ${MAX_CLIENTS.toLocaleString('en')} clients can be driven from one machine; ask for fewer than ${digits}.`,
    );
  }
  return value;
}

/** 1, 2, 5, 10, 20, 50 … between the ends, and both ends. */
function* series125(from: number, to: number): Generator<number> {
  yield from;
  for (let decade = 1; decade <= to; decade *= 10) {
    for (const digit of [1, 2, 5]) {
      const level = digit * decade;
      if (level > from && level < to) yield level;
    }
  }
  yield to;
}

function* linear(from: number, to: number, step: number): Generator<number> {
  for (let level = from; level < to; level += step) yield level;
  yield to;
}

function* geometric(from: number, to: number, factor: number): Generator<number> {
  let previous = 0;
  for (let exact = from; exact < to; exact *= factor) {
    const level = Math.round(exact);
    if (level > previous) yield level;
    previous = level;
  }
  yield to;
}
