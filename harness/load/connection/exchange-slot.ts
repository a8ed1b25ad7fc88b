/**
 * The exchanges of a connection: at most one is under way, and between two of them whoever asks may pause.
 *
 * Base class of the connection: part of the same object, so that a message touches one object less. What its bytes
 * mean is the reader's business (reader.ts); what is asked, and when, that of the exchange handler (exchanges.ts).
 */
import { ExchangeError } from '../../scenario/client.ts';
import type { ErrorKind } from '../../results/schema/load.ts';
import type { Recording } from '../accounts/counters.ts';
import type { Engine } from '../client/engine.ts';
import { Stopped } from '../time/timeout.ts';
import { Timed } from '../time/timer-wheel.ts';

/** Asks for exchanges on a connection, and is told how each of them ends. */
export interface ExchangeHandler {
  /** The histograms that take the time of its exchanges. */
  readonly recording: Recording;
  /** The server closes after the answer. */
  readonly ends: boolean;
  /** Code of an error frame that is the right answer; undefined: none is. */
  readonly accepts?: number | undefined;
  /** Looks at the whole answer, valid only during the call. Returns why it is not what had to come back. */
  take(bytes: Uint8Array, start: number, end: number): Error | undefined;
  /** The answer was right, and has been counted. */
  answered(nowMs: number): void;
  /** The exchange has failed, and has been counted; or the load was stopped. */
  failed(error: Error): void;
  /** A pause is over. */
  resumed(nowMs: number): void;
}

/** How long to wait, and which kind of error it is when the time is over. */
export interface Limit {
  /** Infinity: without a limit. */
  readonly ms: number;
  readonly kind: ErrorKind;
}

/** The same as a scenario gives it: what is left out is without a limit. */
export interface TimeLimits {
  readonly deadlineMs?: number;
  readonly patienceMs?: number;
}

/** The shorter of the two; where they are equal, patience. */
export function limitOf({ deadlineMs = Infinity, patienceMs = Infinity }: TimeLimits): Limit {
  return patienceMs <= deadlineMs && patienceMs !== Infinity
    ? { ms: patienceMs, kind: 'patience' }
    : { ms: deadlineMs, kind: 'deadline' };
}

export abstract class ExchangeSlot extends Timed {
  protected readonly engine: Engine;
  #handler: ExchangeHandler | undefined;
  /** A request was sent and its answer is not there yet. While there is a handler and none is under way, it pauses. */
  #underWay = false;
  #limitKind: ErrorKind = 'deadline';
  #sentMs = 0;
  #intendedMs = 0;
  /** When the bytes came that are being read. */
  protected readMs = 0;
  /** The server has answered at least once, and the connection has not ended. */
  #held = false;
  #end: ExchangeError | Stopped | undefined;

  constructor(engine: Engine) {
    super();
    this.engine = engine;
  }

  /** Messages are frames, whose call ids tell them apart. */
  abstract readonly framed: boolean;

  /** Ends the connection at once. */
  abstract fail(error: ExchangeError): void;

  /** Sends a request whose answer is expected. */
  protected abstract transmit(request: Uint8Array, wantedBytes: number): void;

  /** False once nothing more can be asked. */
  get open(): boolean {
    return this.#end === undefined;
  }

  /** Why nothing more can be asked. */
  protected get end(): ExchangeError | Stopped | undefined {
    return this.#end;
  }

  /** True while an exchange or a loop of exchanges is under way. */
  get busy(): boolean {
    return this.#handler !== undefined;
  }

  /**
   * Sends a request whose answer goes to `handler`.
   *
   * @param wantedBytes raw framing: length of the answer
   * @param intendedMs when it was meant to be sent; latency counts from it
   */
  ask(
    handler: ExchangeHandler,
    request: Uint8Array,
    wantedBytes: number,
    intendedMs: number,
    nowMs: number,
    limit: Limit,
  ): void {
    const { counters, wheel } = this.engine;
    counters.exchanges.attempted++;
    this.#handler = handler;
    if (this.#end) {
      this.#failExchange(this.#end);
      return;
    }
    this.#underWay = true;
    this.#sentMs = nowMs;
    this.#intendedMs = intendedMs;
    if (limit.ms !== Infinity) {
      this.#limitKind = limit.kind;
      wheel.arm(this, nowMs + limit.ms);
    }
    counters.bytesSent += request.length;
    this.transmit(request, wantedBytes);
  }

  /** Calls `handler.resumed` at `untilMs`; never where that is Infinity. */
  pause(handler: ExchangeHandler, untilMs: number): void {
    this.#handler = handler;
    if (this.#end instanceof Stopped) handler.failed(this.#end);
    else if (untilMs !== Infinity) this.engine.wheel.arm(this, untilMs);
  }

  /** The handler has no more to ask. */
  rest(): void {
    this.#handler = undefined;
  }

  override onDue(nowMs: number): void {
    if (this.#underWay)
      this.fail(new ExchangeError(this.#limitKind, 'no whole answer in the time set for it'));
    else this.#handler?.resumed(nowMs);
  }

  /** The whole answer to the request under way is `bytes[start, end)`. */
  onAnswer(bytes: Uint8Array, start: number, end: number): void {
    const nowMs = this.readMs;
    const handler = this.#handler as ExchangeHandler;
    this.#settle();
    const wrong = handler.take(bytes, start, end);
    if (wrong !== undefined) {
      this.#failExchange(wrong);
      return;
    }
    this.engine.counters.answered(this.#sentMs, this.#intendedMs, nowMs, handler.recording);
    if (handler.ends) this.#release(nowMs);
    else this.hold();
    handler.answered(nowMs);
  }

  /**
   * The exchange under way has ended by an error, which may be what it asked for, and the connection goes on. False where
   * none is under way.
   */
  protected refused(error: ExchangeError | Stopped): boolean {
    if (!this.#underWay) return false;
    this.#settle();
    const handler = this.#handler;
    const { code } = error instanceof ExchangeError ? error : {};
    if (handler && code !== undefined && code === handler.accepts) {
      this.#handler = undefined;
      this.engine.counters.answered(this.#sentMs, this.#intendedMs, this.readMs, handler.recording);
      this.hold();
      handler.failed(error);
    } else this.#failExchange(error);
    return true;
  }

  /** The server has said something: from now on it holds the connection. */
  protected hold(): void {
    if (this.#held) return;
    this.#held = true;
    this.engine.counters.hold(this.readMs);
  }

  /** Nothing more can be asked, because of `error`, which ends what is under way. */
  protected finish(error: ExchangeError | Stopped): void {
    const { clock, wheel } = this.engine;
    this.#end ??= error;
    this.#release(clock.now());
    // A client that pauses finds out when it asks again, as it would in life.
    if (this.busy && !this.#underWay && !(error instanceof Stopped)) return;
    wheel.remove(this);
    if (!this.refused(error)) this.#handler?.failed(error);
  }

  /** Whoever pauses is not told any more. */
  protected abandon(): void {
    this.#handler = undefined;
    this.engine.wheel.remove(this);
  }

  #release(nowMs: number): void {
    if (this.#held) this.engine.counters.release(nowMs);
    this.#held = false;
  }

  #settle(): void {
    this.#underWay = false;
    if (this.dueMs !== Infinity) this.engine.wheel.disarm(this);
  }

  /** Counts the exchange as failed, or as in flight where the load was stopped, and tells its handler. */
  #failExchange(error: Error): void {
    const { counters } = this.engine;
    counters.end(counters.exchanges, error);
    const handler = this.#handler;
    this.#handler = undefined;
    handler?.failed(error);
  }
}
