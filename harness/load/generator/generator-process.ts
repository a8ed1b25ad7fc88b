/** A generator process as the harness sees it: started, told, listened to, ended. */
import { fork, type ChildProcess } from 'node:child_process';
import { EXIT, HoldfastError, UnfitError } from '../../errors.ts';
import type { LoadSnapshot } from '../backend.ts';
import type { FromGenerator, ToGenerator } from './messages.ts';

const PROGRAM = new URL('generator.ts', import.meta.url);

/** A generator has so long to say that it is ready, or to end when it is no longer wanted, in ms. */
const START_MS = 20_000;
const END_MS = 2000;

/** So much of what it last wrote to stderr is kept for the error that tells of its death. */
const TAIL_CHARACTERS = 2000;

/**
 * The young generation of V8's heap grows to 48 MB by itself, five times what 10,000 held connections take. What a
 * generator throws away is short-lived and little: 4 MB a half are enough.
 */
const YOUNG_GENERATION = '--max-semi-space-size=4';

type Answer<T extends FromGenerator['type']> = Extract<FromGenerator, { readonly type: T }>;

export class GeneratorProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #exited: Promise<void>;
  #pending: PromiseWithResolvers<FromGenerator> | undefined;
  #death: Error | undefined;
  #tail = '';
  onSnapshot: ((snapshot: LoadSnapshot) => void) | undefined;

  /** Starts one and waits until it listens. @throws UnfitError when it does not come up */
  static async start(name: string): Promise<GeneratorProcess> {
    const generator = new GeneratorProcess(name);
    const timer = setTimeout(() => generator.kill(), START_MS);
    try {
      await generator.#answer('ready');
      return generator;
    } finally {
      clearTimeout(timer);
    }
  }

  private constructor(name: string) {
    this.#name = name;
    // Node's own fork: execa's channel hands on one message a turn of the event loop, through a queue of its own.
    // A scenario's own output goes to stderr, since stdout is for results.
    this.#child = fork(PROGRAM, [], {
      serialization: 'advanced',
      execArgv: [YOUNG_GENERATION],
      stdio: ['ignore', 2, 'pipe', 'ipc'],
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      process.stderr.write(chunk);
      this.#tail = (this.#tail + chunk.toString()).slice(-TAIL_CHARACTERS);
    });
    this.#child.on('message', (message: FromGenerator) => this.#heard(message));
    this.#child.on('error', (error) => this.#died(error.message));
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        this.#died(signal ? `by ${signal}` : `with code ${code}`);
        resolve();
      });
    });
  }

  /** Process id; 0 where the process could not be started at all. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get alive(): boolean {
    return this.#death === undefined;
  }

  /** Tells it something and waits for the answer. @throws UnfitError when it dies, or the error it reports */
  async ask<T extends FromGenerator['type']>(message: ToGenerator, answer: T): Promise<Answer<T>> {
    const answered = this.#answer(answer);
    this.tell(message);
    return await answered;
  }

  tell(message: ToGenerator): void {
    // A message to a process that has just died is no error of its own: its death is told by 'exit'.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.pid === undefined) return;
    this.#death ??= new Error('disposed of');
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.kill(), END_MS);
    await this.#exited;
    clearTimeout(timer);
  }

  async #answer<T extends FromGenerator['type']>(type: T): Promise<Answer<T>> {
    if (this.#death) throw this.#death;
    this.#pending = Promise.withResolvers();
    const message = await this.#pending.promise;
    if (message.type === 'failed') throw new HoldfastError(message.message, message.exitCode);
    if (message.type !== type) throw new Error(`${this.#name} said ${message.type} where ${type} was due`);
    return message as Answer<T>;
  }

  #heard(message: FromGenerator): void {
    if (message.type === 'snapshot') {
      this.onSnapshot?.(message.snapshot);
      return;
    }
    this.#pending?.resolve(message);
  }

  #died(how: string): void {
    if (this.#death) return;
    const words = this.#tail.trim();
    this.#death = new UnfitError(
      `${this.#name} (pid ${this.pid}) ended ${how} while it was needed, so this load has no result. ` +
        `Run the trial again${words ? `. Its last words: ${words}` : '; if it recurs, look for a memory limit'}.`,
      { cause: EXIT.unfit },
    );
    this.#pending?.reject(this.#death);
  }
}
