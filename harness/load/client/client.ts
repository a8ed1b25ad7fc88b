/** One synthetic client: what a scenario's function is handed. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { UsageError } from '../../errors.ts';
import type { Client, ConnectOptions, Connection } from '../../scenario/client.ts';
import type { LoadSpec } from '../backend.ts';
import { ServerConnection } from '../connection/connection.ts';
import { rejectUnawaited } from '../connection/errors.ts';
import { Stopped, Timeout } from '../time/timeout.ts';
import type { Engine } from './engine.ts';

/** How a client came to its end. */
export type Outcome = 'completed' | 'lost' | 'failed' | 'stopped';

const NONE: readonly ServerConnection[] = [];
const NO_SOURCES: readonly string[] = [''];

export class SyntheticClient implements Client {
  readonly index: number;
  readonly #engine: Engine;
  readonly #spec: LoadSpec;
  readonly signal: AbortSignal;
  #random: (() => number) | undefined;
  /** Its connections; those that are closed go when the next is made. */
  #connections: readonly ServerConnection[] = NONE;

  constructor(engine: Engine, spec: LoadSpec, index: number, signal: AbortSignal) {
    this.#engine = engine;
    this.#spec = spec;
    this.index = index;
    this.signal = signal;
  }

  get clients(): number {
    return this.#spec.clients;
  }

  get folder(): string {
    return this.#spec.folder;
  }

  get random(): () => number {
    return (this.#random ??= randomOf(this.#spec.seed, this.index));
  }

  elapsedMs(): number {
    return this.#engine.clock.now() - this.#engine.startMs;
  }

  async connect(options: ConnectOptions = {}): Promise<Connection> {
    if (this.signal.aborted) throw new Stopped('stopped');
    const { host, port, sources = NO_SOURCES } = this.#spec;
    const source = sources[this.index % sources.length] ?? '';
    const at = { host, port: options.port ?? port, source, framing: options.framing ?? 'frames' } as const;
    const target = { ...options, ...at };
    const connection = new ServerConnection(this.#engine, target, this);
    this.#connections = [...this.#connections.filter((one) => !one.closed), connection];
    await connection.connected();
    return connection;
  }

  sleep(ms: number, { looks = false }: { readonly looks?: boolean } = {}): Promise<void> {
    if (ms !== 0 && !(ms >= 1 && ms < Infinity)) {
      const message = `client.sleep(${ms}): sleeps have a grain of 1 ms; give 0, or 1 ms or more.`;
      return Promise.reject(new UsageError(message));
    }
    if (this.signal.aborted) return Promise.reject(new Stopped('stopped'));
    const { clock, wheel, counters } = this.#engine;
    const fromMs = clock.now();
    const over = Promise.withResolvers<void>();
    const wake = (nowMs: number): void => {
      counters.window.thought(fromMs, nowMs);
      if (!looks) counters.pauses.over(this.index, ms, nowMs - fromMs);
      over.resolve();
    };
    wheel.arm(new Timeout(wake, (reason) => rejectUnawaited(over, reason)), fromMs + ms);
    return over.promise;
  }

  count(counter: string, by = 1): void {
    this.#engine.counters.count(counter, by);
  }

  record(histogram: string, value: number): void {
    this.#engine.counters.recorder.own(histogram).record(value);
  }

  recordAtLeast(histogram: string, bound: number): void {
    this.#engine.counters.recorder.own(histogram).recordAtLeast(bound);
  }

  /** Ends every connection that is left at once. */
  stop(reason: Stopped): void {
    for (const connection of this.#connections) if (!connection.closed) connection.stop(reason);
  }
}

/**
 * Uniform numbers in [0, 1) for one client: xoroshiro128+, seeded from the trial's seed and the client's index. The
 * finaliser of MurmurHash3 (Appleby, public domain) keeps neighbouring clients apart.
 */
function randomOf(seed: number, index: number): () => number {
  let mixed = (seed ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  const generator = xoroshiro128plus(mixed ^ (mixed >>> 16));
  return () => uniformFloat64(generator);
}
