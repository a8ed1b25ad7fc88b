/** Starts a process under test: detached, marked, on its cores, its output in files or on pipes. */
import type { ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { UnfitError } from '../errors.ts';
import { SERVER_MARK } from '../observe/tree/tree.ts';
import { pinned } from './cores.ts';
import { LogFile } from './log-file.ts';

export interface LaunchCommand {
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Cores it may run on, such as `0` or `0,1`; undefined: all. */
  readonly cores: string | undefined;
  /** Value of {@link SERVER_MARK}. */
  readonly mark: string;
  readonly stopSignal: NodeJS.Signals;
  /**
   * `logs`: stdout and stderr go to `<logPath>.out` and `<logPath>.err`, so that no pipe ties its end to that of its
   * grandchildren. `lines`: stdin and stdout are pipes, stderr goes to the file. `inherited`: this process's own.
   */
  readonly io: 'logs' | 'lines' | 'inherited';
  readonly logPath: string;
}

/** How the leading process ended. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signalled'; readonly signal: string };

/** A process that runs. */
export interface Launched extends Pick<LaunchCommand, 'mark' | 'stopSignal'> {
  readonly stderrLog: LogFile;
  readonly stdoutLog: LogFile;
  readonly pid: number;
  /** Resolves when the leading process has ended, whoever still holds its pipes. Never rejects. */
  readonly exited: Promise<ProcessEnd>;
  /** With `lines` only. */
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
}

/**
 * Spawns the command detached, which makes it the leader of a process group and session of its own: signals go to the
 * whole group, and a Ctrl-C on the terminal reaches only the harness.
 *
 * @throws UnfitError when the program cannot be started
 */
export async function launch({ command, cores, io, logPath, ...rest }: LaunchCommand): Promise<Launched> {
  if (command.length === 0)
    throw new UnfitError('The command of the server is empty; give --command a program.');
  const [program = '', ...args] = pinned(command, cores);
  const [stderrLog, stdoutLog] = [new LogFile(`${logPath}.err`), new LogFile(`${logPath}.out`)];
  const logs = { logs: [stderrLog, stdoutLog], lines: [stderrLog], inherited: [] }[io];
  const files: number[] = [];
  try {
    for (const log of logs) files.push(log.open());
    // Any open descriptor is taken; the types name only 3 to 9.
    const [err = 'inherit', out = io === 'lines' ? 'pipe' : 'inherit'] = files as 3[];
    const subprocess = execa(program, args, {
      detached: true,
      cleanup: false,
      reject: false,
      buffer: false,
      stdin: { logs: 'ignore', lines: 'pipe', inherited: 'inherit' }[io] as 'pipe',
      stdout: out,
      stderr: err,
      env: { [SERVER_MARK]: rest.mark },
    });
    const { pid } = subprocess;
    if (pid === undefined) {
      const { shortMessage = 'unknown reason' } = await subprocess;
      throw new UnfitError(
        `Cannot start ${program}: ${shortMessage}. Check the command and that the program is installed.`,
      );
    }
    // What it is told after its end is lost, which its silence then shows.
    subprocess.stdin?.on('error', () => undefined);
    return {
      ...rest,
      stderrLog,
      stdoutLog,
      pid,
      exited: endOf(subprocess.nodeChildProcess),
      stdin: subprocess.stdin,
      stdout: subprocess.stdout,
    };
  } finally {
    for (const file of files) closeSync(file);
  }
}

/** By `exit`: execa's own promise waits for the pipes too. */
function endOf(process: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    process.once('exit', (code, signal) =>
      resolve(signal === null ? { kind: 'exited', exitCode: code ?? 0 } : { kind: 'signalled', signal }),
    );
  });
}

/** How a process ended, for people. */
export function describeEnd(end: ProcessEnd): string {
  return end.kind === 'exited' ? `exit code ${end.exitCode}` : `killed by ${end.signal}`;
}
