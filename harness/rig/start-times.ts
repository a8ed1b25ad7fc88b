/** How fast processes start on this machine, measured in a fraction of a second. */
import { spawnSync } from 'node:child_process';

const TIMES = 3;
/** Far more than a start can take. */
const DEADLINE_MS = 5000;

/**
 * Starts a program and waits for its end, three times.
 *
 * @returns the median, in ms; undefined where it cannot be started
 */
export function startTimeMs(program: string, ...words: readonly string[]): number | undefined {
  const times: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    const begin = performance.now();
    const { error } = spawnSync(program, words, { stdio: 'ignore', timeout: DEADLINE_MS });
    if (error) return undefined;
    times.push(performance.now() - begin);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(TIMES / 2)];
}
