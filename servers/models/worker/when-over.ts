/** The end of a child process. */
import type { ChildProcess } from 'node:child_process';

/**
 * Calls `over` once, when a child has ended and all that it said has been heard, or when it could not be started.
 *
 * `exit` alone is too early: the signal of its death can be seen before its last messages have been read from the
 * channel, and who takes the place for empty would be told afterwards that it is ready.
 */
export function whenOver(child: Pick<ChildProcess, 'once' | 'pid'>, over: () => void): void {
  let lacking = 2;
  const one = (): void => {
    lacking -= 1;
    if (lacking === 0) over();
  };
  child.once('exit', one);
  child.once('disconnect', one);
  child.once('error', () => {
    if (child.pid === undefined) over();
  });
}
