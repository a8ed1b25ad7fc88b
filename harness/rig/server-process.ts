/** A server as the harness sees it: a command line in a process group of its own, two log files, and an end. */
import { closeSync, openSync, readFileSync } from 'node:fs';
import { execa } from 'execa';
import { UnfitError, messageOf } from '../errors.ts';
import { SERVER_MARK } from '../observe/tree/tree.ts';
import { writeError } from '../results/files.ts';

export interface ServerCommand {
  /** Program and arguments; `{port}` and `{host}` are replaced. */
  readonly command: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly stopSignal: NodeJS.Signals;
  /** Value of {@link SERVER_MARK}. */
  readonly mark: string;
  /** stdout and stderr go to `<logPath>.out` and `<logPath>.err`. */
  readonly logPath: string;
  /** Cores it may run on, such as `0` or `0,1`; default: all. */
  readonly cpus?: string;
}

/** How the server's leading process ended. */
export type ServerExit =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signalled'; readonly signal: string };

/** Bytes of a log that are read back at its end. */
const TAIL_BYTES = 4096;

/** A running server. Dispose it to be sure that its group is gone. */
export class ServerProcess implements AsyncDisposable {
  readonly pid: number;
  readonly #stopSignal: NodeJS.Signals;
  readonly #logPath: string;
  /** Resolves when the leading process has ended. Never rejects. */
  readonly exited: Promise<ServerExit>;
  #exit: ServerExit | undefined;

  private constructor(pid: number, exited: Promise<ServerExit>, options: ServerCommand) {
    this.pid = pid;
    this.#stopSignal = options.stopSignal;
    this.#logPath = options.logPath;
    this.exited = exited;
    void exited.then((exit) => {
      this.#exit = exit;
    });
  }

  /**
   * Spawns the command detached, which makes it the leader of a process group and session of its own: signals go to
   * the whole group, and a Ctrl-C on the terminal reaches only the harness. Its output goes straight to files, so
   * that no pipe ties its end to that of its grandchildren.
   *
   * @throws UnfitError when the program cannot be started
   */
  static async start(options: ServerCommand): Promise<ServerProcess> {
    const [file, ...args] = fillIn(options.command, options.host, options.port);
    if (file === undefined)
      throw new UnfitError('The command of the server is empty; give --command a program.');
    const [program, ...programArgs] =
      options.cpus === undefined ? [file, ...args] : ['taskset', '--cpu-list', options.cpus, file, ...args];
    const out = openLog(`${options.logPath}.out`);
    const err = openLog(`${options.logPath}.err`);
    try {
      const subprocess = execa(program, programArgs, {
        detached: true,
        cleanup: false,
        reject: false,
        buffer: false,
        stdin: 'ignore',
        // Any open descriptor is taken; the types name only 3 to 9.
        stdout: out as 3,
        stderr: err as 3,
        env: { [SERVER_MARK]: options.mark },
      });
      const exited = subprocess.then((outcome): ServerExit => {
        if (outcome.signal !== undefined) return { kind: 'signalled', signal: outcome.signal };
        if (outcome.exitCode !== undefined) return { kind: 'exited', exitCode: outcome.exitCode };
        return { kind: 'signalled', signal: outcome.shortMessage ?? 'unknown reason' };
      });
      if (subprocess.pid === undefined) {
        const exit = await exited;
        const why = exit.kind === 'signalled' ? exit.signal : 'it ended at once';
        throw new UnfitError(
          `Cannot start ${program}: ${why}. Check the command and that the program is installed.`,
        );
      }
      return new ServerProcess(subprocess.pid, exited, options);
    } finally {
      closeSync(out);
      closeSync(err);
    }
  }

  /** How it ended, or undefined while it runs. */
  get exit(): ServerExit | undefined {
    return this.#exit;
  }

  /** Asks the whole group to stop. */
  askToStop(): void {
    signalGroup(this.pid, this.#stopSignal);
  }

  /** Kills the whole group. */
  kill(): void {
    signalGroup(this.pid, 'SIGKILL');
  }

  /** Everything it wrote to stdout so far. */
  output(): string {
    return readLog(`${this.#logPath}.out`);
  }

  /** The last lines that it wrote to stderr. */
  stderrTail(): string {
    return readLog(`${this.#logPath}.err`).slice(-TAIL_BYTES).trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.exited;
  }
}

/** How a server ended, for people. */
export function describeExit(exit: ServerExit): string {
  switch (exit.kind) {
    case 'exited':
      return `exit code ${exit.exitCode}`;
    case 'signalled':
      return `killed by ${exit.signal}`;
  }
}

/** The command with `{port}` and `{host}` filled in. */
export function fillIn(command: readonly string[], host: string, port: number): string[] {
  return command.map((part) => part.replaceAll('{port}', String(port)).replaceAll('{host}', host));
}

/** Signals a whole process group; a group that is gone already is what was wanted. */
export function signalGroup(groupId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-groupId, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw new UnfitError(`Cannot signal process group ${groupId}: ${messageOf(error)}.`, { cause: error });
    }
  }
}

function openLog(path: string): number {
  try {
    return openSync(path, 'w', 0o644);
  } catch (error) {
    throw writeError(path, error);
  }
}

function readLog(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
