/** A server that the doctor measures: a process that says on stdout when it is ready, and that never outlives it. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { UnfitError, messageOf } from '../../errors.ts';
import { SERVER_MARK } from '../../observe/tree/tree.ts';
import type { Bench } from './bench.ts';

/** How long it may take to be ready, in ms. */
const READY_MS = 10_000;

type Child = ChildProcessByStdio<Writable, Readable, null>;

export class Subject implements AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  readonly #child: Child;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: Child, lines: AsyncIterator<string>, port: number) {
    this.pid = child.pid ?? 0;
    this.port = port;
    this.#child = child;
    this.#lines = lines;
  }

  /**
   * Starts a command that prints `{"event":"ready","port":…}` (docs/servers/contract.md) and waits for that line.
   *
   * @throws UnfitError when it does not get ready; the signal's reason when aborted
   */
  static async start(command: readonly string[], { mark, guard, signal }: Bench): Promise<Subject> {
    const [program = '', ...args] = command;
    const child = spawn(program, args, {
      // A Ctrl-C on the terminal is for the doctor, which then stops its servers.
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, [SERVER_MARK]: mark },
    });
    const late = AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]);
    const kill = (): void => void child.kill('SIGKILL');
    late.addEventListener('abort', kill, { once: true });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    // What it is told after its end is lost, which its silence then shows.
    child.stdin.on('error', () => undefined);
    try {
      await once(child, 'spawn');
      guard.watch([child.pid ?? 0]);
      const { port } = JSON.parse(await lineOf(lines)) as { port: number };
      return new Subject(child, lines, port);
    } catch (error) {
      kill();
      signal.throwIfAborted();
      throw new UnfitError(`The doctor's server ${program} did not get ready: ${messageOf(error)}.`, {
        cause: error,
      });
    } finally {
      late.removeEventListener('abort', kill);
    }
  }

  /** Writes a line to its stdin and returns the line that it answers on stdout. */
  async ask(line: string): Promise<string> {
    this.#child.stdin.write(`${line}\n`);
    return lineOf(this.#lines);
  }

  /** Stops it in its tracks (SIGSTOP) or lets it go on (SIGCONT). */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(name);
  }

  /** SIGKILL ends a stopped process too. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

async function lineOf(lines: AsyncIterator<string>): Promise<string> {
  const next = await lines.next();
  if (next.done) throw new Error('it ended');
  return next.value;
}
