/** Who asks on a connection: for one exchange as a promise, or in a loop without a promise for each. */
import { UsageError } from '../../errors.ts';
import type { ExchangeLoop } from '../../scenario/client.ts';
import type { Engine } from '../client/engine.ts';
import { arrivalsOf, type Arrivals, type Carrier } from '../time/pacing.ts';
import { rejectUnawaited } from './errors.ts';
import { limitOf, type ExchangeHandler, type ExchangeSlot, type Limit } from './exchange-slot.ts';

/** One exchange. */
export class SingleExchange implements ExchangeHandler {
  readonly openLoop = false;
  readonly #connection: ExchangeSlot;
  readonly #over = Promise.withResolvers<Uint8Array>();
  #copy: Uint8Array | undefined;

  constructor(connection: ExchangeSlot) {
    this.#connection = connection;
  }

  /** Resolves with a copy of the answer. @throws ExchangeError, Stopped */
  get answer(): Promise<Uint8Array> {
    return this.#over.promise;
  }

  take(bytes: Uint8Array, start: number, end: number): boolean {
    this.#copy = bytes.slice(start, end);
    return true;
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

/** A loop of exchanges, closed or open, that runs in the connection's callbacks. */
export class LoopRun implements ExchangeHandler {
  readonly openLoop: boolean;
  readonly #engine: Engine;
  readonly #connection: ExchangeSlot;
  readonly #loop: ExchangeLoop;
  readonly #limit: Limit;
  readonly #count: number;
  readonly #untilMs: number;
  readonly #over = Promise.withResolvers<void>();
  readonly #arrivals: Arrivals | undefined;
  #intendedMs = 0;
  #pausedMs = 0;
  #i = 0;

  /** @throws UsageError for a loop that cannot be run as it says */
  constructor(engine: Engine, connection: ExchangeSlot, loop: ExchangeLoop, carrier: Carrier) {
    this.#engine = engine;
    this.#connection = connection;
    this.#loop = checked(loop);
    this.#limit = limitOf(loop);
    this.#count = loop.count ?? Infinity;
    this.#untilMs = engine.startMs + (loop.untilMs ?? Infinity);
    this.openLoop = loop.rate !== undefined;
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

  take(bytes: Uint8Array, start: number, end: number): boolean {
    const { onReply } = this.#loop;
    return onReply === undefined || onReply(bytes.subarray(start, end), this.#i) !== false;
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
    const { window } = this.#engine.counters;
    if (this.openLoop) {
      if (this.#intendedMs >= this.#untilMs) this.#finish();
      else this.#send(this.#intendedMs, nowMs);
    } else {
      window.thought(this.#pausedMs, nowMs);
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
    this.#connection.pause(this, Math.min(dueMs, this.#untilMs));
  }

  #send(intendedMs: number, nowMs: number): void {
    const { request, replyBytes } = this.#loop;
    const bytes = typeof request === 'function' ? request(this.#i) : request;
    if (this.openLoop) this.#engine.counters.window.intended(intendedMs);
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
