/**
 * The guard: a tiny process that outlives the harness only to clean up after it.
 *
 * A harness that is killed with SIGKILL cannot stop its server. The guard (a shell, about 1 MB) waits at the end of a
 * pipe that only the harness holds; when the pipe ends without a farewell, it kills every process whose mark is the
 * rig's, or begins with it and `-`, and the process groups and cgroups that it was last told of. It sits in a session of
 * its own, so that killing the harness's group does not reach it.
 */
import type { ChildProcess } from 'node:child_process';
import { execa } from 'execa';
import { SERVER_MARK } from '../observe/tree/tree.ts';

// $places is the last line: numbers are process groups, paths are cgroups. A line "farewell" ends the guard without
// killing.
// `grep` fails when a process vanishes under it, so what it printed counts, not its status.
// Killing is repeated while marked processes are found: one may have been forking.
const SCRIPT = `
places=
while read -r line; do
  [ "$line" = farewell ] && exit 0
  places=$line
done
for round in 1 2 3 4 5; do
  found=
  for place in $places; do
    case $place in
      /*) found="$found $(cat "$place/cgroup.procs" 2>/dev/null)" ;;
      *) kill -s KILL -- "-$place" 2>/dev/null ;;
    esac
  done
  for file in $(grep -lszE "^$1(-|$)" /proc/[0-9]*/environ 2>/dev/null); do
    pid=\${file#/proc/}; found="$found \${pid%/environ}"
  done
  case $found in *[0-9]*) ;; *) break ;; esac
  for pid in $found; do kill -s KILL "$pid" 2>/dev/null; done
  sleep 0.1
done
for place in $places; do
  case $place in /*) rmdir "$place" 2>/dev/null ;; esac
done
`;

/** Watches over the processes of one rig, until disposed. */
export class Guard implements AsyncDisposable {
  readonly #shell: ChildProcess;
  readonly #ended: Promise<unknown>;

  /** @param mark value of the mark variable: letters, digits and `-` only */
  constructor(mark: string) {
    // A guard that dies is no reason for the run to fail: the regular clean-up does not need it.
    const shell = execa('sh', ['-c', SCRIPT, 'holdfast-guard', `${SERVER_MARK}=${mark}`], {
      detached: true,
      cleanup: false,
      reject: false,
      buffer: false,
      stdin: 'pipe',
      stdout: 'ignore',
      stderr: 'ignore',
    });
    this.#shell = shell.nodeChildProcess;
    this.#ended = shell;
    this.#shell.stdin?.on('error', () => undefined);
    this.#shell.unref();
  }

  /** Names what is alive now: process groups by number, cgroups by path. */
  watch(places: readonly (number | string)[]): void {
    this.#shell.stdin?.write(`${places.join(' ')}\n`);
  }

  /** Sends the guard away: everything was stopped. */
  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing else may keep this process alive until the guard has gone.
    this.#shell.ref();
    this.#shell.stdin?.end('farewell\n');
    await this.#ended;
  }
}
