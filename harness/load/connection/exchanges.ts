/** Who asks on a connection: for one exchange as a promise, or in a loop without a promise for each. */
import { UsageError } from '../../errors.ts';
import type { ExchangeLoop, ExchangeOptions } from '../../scenario/client.ts';
import type { Recording } from '../accounts/counters.ts';
import type { Engine } from '../client/engine.ts';
import { arrivalsOf, type Arrivals, type Carrier } from '../time/pacing.ts';
import { isEcho, stamp, wordsOf } from './echo.ts';
import { mismatch, rejectUnawaited } from './errors.ts';
import { limitOf, type ExchangeHandler, type ExchangeSlot, type Limit } from './exchange-slot.ts';

/** One exchange. */
export class SingleExchange implements ExchangeHandler {
  readonly recording: Recording;
  readonly ends: boolean;
  readonly accepts: number | undefined;
  readonly #connection: ExchangeSlot;
  readonly #request: Uint8Array;
  readonly #options: ExchangeOptions;
  readonly #over = Promise.withResolvers<Uint8Array>();
  #copy: Uint8Array | undefined;

  constructor(connection: ExchangeSlot, request: Uint8Array, options: ExchangeOptions) {
    this.#connection = connection;
    this.#request = request;
    this.#options = options;
    this.recording = options.latency === false ? 'none' : 'latency';
    this.ends = options.ends ?? false;
    this.accepts = options.accepts;
  }

  /** Resolves with a copy of the answer. @throws ExchangeError, Stopped */
  get answer(): Promise<Uint8Array> {
    return this.#over.promise;
  }

  take(bytes: Uint8Array, start: number, end: number): Error | undefined {
    const { echoes = false, onReply } = this.#options;
    if (echoes && !isEcho(this.#request, undefined, this.#connection.framed, bytes, start, end))
      return mismatch();
    const copy = bytes.slice(start, end);
    this.#copy = copy;
    return onReply && wrongBy(() => onReply(copy));
  }

  answered(): void {
    this.#connection.rest();
    this.#over.resolve(this.#copy as Uint8Array);
  }

  failed(why: Error): void {
    this.#connection.rest();
    rejectUnawaited(this.#over, why);
  }

  resumed(): void {
    // A single exchange never pauses.
  }
}

const NO_BYTES = new Uint8Array();

/** A loop of exchanges, closed or open, that runs in the connection's callbacks. */
export class LoopRun implements ExchangeHandler {
  readonly recording: Recording;
  readonly ends = false;
  readonly #engine: Engine;
  readonly #connection: ExchangeSlot;
  readonly #loop: ExchangeLoop;
  readonly #limit: Limit;
  /** Sent unchanged each time but for its stamp; undefined where each request is made anew. */
  readonly #fixed: Uint8Array | undefined;
  readonly #echoes: boolean;
  readonly #words: DataView | undefined;
  readonly #count: number;
  readonly #untilMs: number;
  readonly #over = Promise.withResolvers<void>();
  readonly #arrivals: Arrivals | undefined;
  readonly #carrier: Carrier;
  #intendedMs = 0;
  #pausedMs = 0;
  /** When the pause is to be over. */
  #dueMs = 0;
  #request: Uint8Array = NO_BYTES;
  #i = 0;

  /** @throws UsageError for a loop that cannot be run as it says */
  constructor(engine: Engine, connection: ExchangeSlot, loop: ExchangeLoop, carrier: Carrier) {
    this.#engine = engine;
    this.#connection = connection;
    this.#carrier = carrier;
    this.#loop = checked(loop);
    this.#limit = limitOf(loop);
    this.#count = loop.count ?? Infinity;
    this.#untilMs = engine.startMs + (loop.untilMs ?? Infinity);
    this.recording = loop.rate === undefined ? 'latency' : 'latency-and-service';
    this.#echoes = loop.echoes ?? false;
    const { request } = loop;
    // A loop stamps a copy of its own: clients may share the request.
    if (typeof request !== 'function')
      this.#fixed = this.#echoes && !connection.framed ? request.slice() : request;
    if (this.#echoes && this.#fixed) this.#words = wordsOf(this.#fixed);
    if (loop.rate) {
      const { perSecond, arrivals = 'constant' } = loop.rate;
      const schedule = arrivalsOf(arrivals, perSecond, carrier, engine.startMs, engine.clock.now());
      this.#arrivals = schedule.next;
      this.#intendedMs = schedule.firstMs;
    }
  }

  /** Resolves when the loop has come to its end. @throws ExchangeError at the first exchange that fails */
  run(): Promise<void> {
    const nowMs = this.#engine.clock.now();
    if (this.#count <= 0 || nowMs >= this.#untilMs) this.#finish();
    else if (this.#arrivals) this.#sendWhenDue(nowMs);
    else this.#send(nowMs, nowMs);
    return this.#over.promise;
  }

  take(bytes: Uint8Array, start: number, end: number): Error | undefined {
    if (this.#echoes && !isEcho(this.#request, this.#words, this.#connection.framed, bytes, start, end))
      return mismatch();
    const { onReply } = this.#loop;
    return onReply && wrongBy(() => onReply(bytes.subarray(start, end), this.#i));
  }

  answered(nowMs: number): void {
    this.#i++;
    if (this.#i >= this.#count || nowMs >= this.#untilMs) {
      this.#finish();
    } else if (this.#arrivals) {
      this.#intendedMs = this.#arrivals(this.#intendedMs);
      this.#sendWhenDue(nowMs);
    } else {
      const { thinkMs = 0 } = this.#loop;
      const pauseMs = typeof thinkMs === 'number' ? thinkMs : thinkMs();
      if (pauseMs > 0) this.#pauseUntil(nowMs + pauseMs, nowMs);
      else this.#send(nowMs, nowMs);
    }
  }

  resumed(nowMs: number): void {
    const { window, pauses } = this.#engine.counters;
    if (this.#arrivals) {
      if (this.#intendedMs >= this.#untilMs) this.#finish();
      else this.#send(this.#intendedMs, nowMs);
    } else {
      window.thought(this.#pausedMs, nowMs);
      pauses.over(this.#carrier.index, this.#dueMs - this.#pausedMs, nowMs - this.#pausedMs);
      if (nowMs >= this.#untilMs) this.#finish();
      else this.#send(nowMs, nowMs);
    }
  }

  failed(why: Error): void {
    this.#connection.rest();
    rejectUnawaited(this.#over, why);
  }

  #sendWhenDue(nowMs: number): void {
    if (this.#intendedMs <= nowMs) this.#send(this.#intendedMs, nowMs);
    else this.#pauseUntil(this.#intendedMs, nowMs);
  }

  #pauseUntil(dueMs: number, nowMs: number): void {
    this.#pausedMs = nowMs;
    this.#dueMs = Math.min(dueMs, this.#untilMs);
    this.#connection.pause(this, this.#dueMs);
  }

  #send(intendedMs: number, nowMs: number): void {
    const { request, replyBytes } = this.#loop;
    const bytes = this.#fixed ?? (request as (i: number) => Uint8Array)(this.#i);
    this.#request = bytes;
    if (this.#echoes && !this.#connection.framed) stamp(bytes);
    if (this.#arrivals) this.#engine.counters.window.intended(intendedMs);
    this.#connection.ask(this, bytes, replyBytes ?? bytes.length, intendedMs, nowMs, this.#limit);
  }

  #finish(): void {
    this.#connection.rest();
    this.#offerTheRest();
    this.#over.resolve();
  }

  /** What was due before the end and could not be sent any more was offered all the same. */
  #offerTheRest(): void {
    if (!this.#arrivals || this.#untilMs === Infinity) return;
    let dueMs = this.#arrivals(this.#intendedMs);
    for (; dueMs < this.#untilMs; dueMs = this.#arrivals(dueMs)) this.#engine.counters.window.intended(dueMs);
  }
}

/** What a scenario finds wrong with an answer: it returns false, or throws why. */
function wrongBy(look: () => boolean | void): Error | undefined {
  try {
    return look() === false ? mismatch() : undefined;
  } catch (error) {
    return mismatch(error);
  }
}

function checked(loop: ExchangeLoop): ExchangeLoop {
  const { thinkMs, rate } = loop;
  if (typeof thinkMs === 'number' && thinkMs !== 0 && !(thinkMs >= 1)) {
    throw new UsageError(
      `A think time of ${thinkMs} ms is shorter than the timers' grain of 1 ms; give 0, or 1 ms or more.`,
    );
  }
  if (rate && thinkMs !== undefined && thinkMs !== 0) {
    throw new UsageError(
      'A loop with a rate sends at fixed times and has no think time; give one of the two.',
    );
  }
  if (rate && !(rate.perSecond > 0 && Number.isFinite(rate.perSecond))) {
    throw new UsageError(`A rate of ${rate.perSecond} per second is not valid; give a number above 0.`);
  }
  return loop;
}
