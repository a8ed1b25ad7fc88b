/** How fast a process starts on this machine, measured in a fraction of a second. */
import { spawnSync } from 'node:child_process';

const TIMES = 3;
/** Far more than a start can take. */
const DEADLINE_MS = 5000;

/**
 * Starts `node -e 0` and waits for its end, three times.
 *
 * @returns the median, in ms; undefined where it cannot be started
 */
export function startTimeMs(): number | undefined {
  const times: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    const begin = performance.now();
    const { error } = spawnSync(process.execPath, ['-e', '0'], { stdio: 'ignore', timeout: DEADLINE_MS });
    if (error) return undefined;
    times.push(performance.now() - begin);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(TIMES / 2)];
}
