/** A process under test that is talked to by lines: what is written to its stdin, it answers on stdout. */
import { createInterface } from 'node:readline';
import { UnfitError } from '../errors.ts';
import type { Launched } from './launch.ts';
import { ProcessUnderTest } from './process-under-test.ts';

/** How long an answer may take, in ms. */
const ANSWER_MS = 60_000;

export class LineProcess extends ProcessUnderTest {
  readonly #name: string;
  readonly #stdin: Launched['stdin'];
  readonly #lines: AsyncIterator<string>;
  #port = 0;

  /** @param name for errors */
  constructor(name: string, launched: Launched) {
    super(launched);
    this.#name = name;
    const { stdin, stdout } = launched;
    if (!stdin || !stdout) throw new Error('a process that is talked to has pipes');
    this.#stdin = stdin;
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** The port that its first line names; 0 where it names none. */
  get port(): number {
    return this.#port;
  }

  /** Waits for its first line, which says that it is ready. @throws UnfitError, the signal's reason */
  async ready(deadlineMs: number, signal: AbortSignal): Promise<void> {
    try {
      const first = JSON.parse(await this.line(signal, deadlineMs)) as { readonly port?: number };
      this.#port = first.port ?? 0;
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Writes a line to its stdin and returns the one that it answers. @throws UnfitError, the signal's reason */
  async ask(line: string, signal: AbortSignal, deadlineMs?: number): Promise<string> {
    this.#stdin?.write(`${line}\n`);
    return await this.line(signal, deadlineMs);
  }

  /**
   * The next line that it says. It is killed when that takes too long, or when aborted.
   *
   * @throws UnfitError with its last words when it ends, the signal's reason when aborted
   */
  async line(signal: AbortSignal, deadlineMs = ANSWER_MS): Promise<string> {
    const late = AbortSignal.timeout(deadlineMs);
    const over = AbortSignal.any([signal, late]);
    const kill = (): void => this.kill();
    over.addEventListener('abort', kill, { once: true });
    if (over.aborted) kill();
    try {
      const { value, done } = await this.#lines.next();
      signal.throwIfAborted();
      if (done !== true) return value;
    } finally {
      over.removeEventListener('abort', kill);
    }
    const how = late.aborted ? `did not answer within ${deadlineMs} ms` : 'ended before it answered';
    const words = this.stderrTail();
    throw new UnfitError(`The process ${this.#name} ${how}.${words ? ` Its last words: ${words}` : ''}`);
  }
}
