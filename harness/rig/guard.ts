/**
 * The guard: a tiny process that outlives the harness only to clean up after it.
 *
 * A harness that is killed with SIGKILL cannot stop its server. The guard (a shell, about 1 MB) waits at the end of a
 * pipe that only the harness holds; when the pipe ends without a farewell, it kills every process that carries the
 * run's mark in its environment, and the process groups that it was last told of. It sits in a session of its own, so
 * that killing the harness's group does not reach it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { SERVER_MARK } from '../observe/tree/tree.ts';

// `read` sets $groups to the groups of the last line; a line "farewell" ends the guard without killing.
// `grep` fails when a process vanishes under it, so what it printed counts, not its status.
// Killing is repeated while marked processes are found: one may have been forking.
const SCRIPT = `
groups=
while read -r line; do
  [ "$line" = farewell ] && exit 0
  groups=$line
done
for round in 1 2 3 4 5; do
  for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
  found=$(grep -lszx "$1" /proc/[0-9]*/environ 2>/dev/null)
  [ -n "$found" ] || exit 0
  for file in $found; do pid=\${file#/proc/}; kill -s KILL "\${pid%/environ}" 2>/dev/null; done
  sleep 0.1
done
`;

/** Watches over the processes that carry one mark, until disposed. */
export class Guard implements AsyncDisposable {
  readonly #shell: ChildProcess;
  readonly #ended: Promise<void>;

  /** @param mark value of the mark variable: letters, digits and `-` only */
  constructor(mark: string) {
    this.#shell = spawn('sh', ['-c', SCRIPT, 'holdfast-guard', `${SERVER_MARK}=${mark}`], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#ended = new Promise((resolve) => {
      this.#shell.once('exit', () => resolve());
      this.#shell.once('error', () => resolve());
    });
    // A guard that died is no reason for the run to fail: the regular clean-up does not need it.
    this.#shell.stdin?.on('error', () => {});
    this.#shell.unref();
  }

  /** Names the process groups that are alive now. */
  watch(groups: readonly number[]): void {
    this.#shell.stdin?.write(`${groups.join(' ')}\n`);
  }

  /** Sends the guard away: everything was stopped. */
  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing else may keep this process alive until the guard has gone.
    this.#shell.ref();
    this.#shell.stdin?.end('farewell\n');
    await this.#ended;
  }
}
