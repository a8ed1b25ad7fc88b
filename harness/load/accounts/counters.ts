/** What the clients of one generator have done so far: attempts, bytes, connections held, counters of the scenario. */
import type { Account, ErrorKind, GeneratorUse, LoadResult } from '../../results/schema/load.ts';
import { ExchangeError } from '../../scenario/client.ts';
import { Stopped } from '../time/timeout.ts';
import { Pauses, type PauseSums } from './pauses.ts';
import { Recorder, type EncodedHistogram } from './recorder.ts';
import type { TimelineGrid } from './timeline.ts';
import { MeasuredWindow, type WindowSums } from './window.ts';

/** Attempts of one kind. Those in flight are never derived from the others, so that the sum can be checked. */
type OpenAccount = ReturnType<typeof openAccount>;

function openAccount() {
  const errors: Partial<Record<ErrorKind, number>> = {};
  return { attempted: 0, completed: 0, errors, inFlight: 0 };
}

/** The most connections held at once, and the first stretch of time over which they were, in the clock's ms. */
export interface Peak {
  readonly count: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * Which histograms take the time of an exchange: the latency; in an open loop the service time as well; none where it is
 * no exchange of messages (opening and closing a session).
 */
export type Recording = 'latency' | 'latency-and-service' | 'none';

/** What was counted, as data. */
interface Counted {
  readonly window: WindowSums;
  readonly pauses: PauseSums;
  /** Times in the machine's monotonic ms. */
  readonly peak: Peak;
  readonly connects: Account;
  readonly exchanges: Account;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** The scenario's own. */
  readonly counters: Readonly<Record<string, number>>;
  readonly histograms: Readonly<Record<string, EncodedHistogram>>;
  readonly firstErrors: LoadResult['firstErrors'];
}

/** What one generator hands over at the end: sums and whole distributions, so that merging loses nothing. */
export interface ShardResult extends Counted {
  /** From the common start until its last client was done, in ms. */
  readonly elapsedMs: number;
  /** The measured part, in ms after the common start; it ends with the load where no end is set. */
  readonly measured: { readonly fromMs: number; readonly untilMs: number | null };
  readonly clients: LoadResult['clients'];
  /** By how much the pauses of the client that was last done outlasted what was asked, in ms. */
  readonly lastLateMs: number;
  /** Sum of the counters that the scenario declares to be faults. */
  readonly wrong: number;
  readonly generator: GeneratorUse;
  readonly timeline: TimelineGrid;
}

export class Counters implements Disposable {
  readonly recorder = new Recorder();
  readonly window = new MeasuredWindow();
  readonly pauses: Pauses;
  readonly connects = openAccount();
  readonly exchanges = openAccount();
  bytesSent = 0;
  bytesReceived = 0;
  clientsDone = 0;
  readonly #own: Record<string, number> = {};
  readonly #firstErrors = new Map<ErrorKind, string>();
  #held = 0;
  #peak = 0;
  #peakFromMs = Infinity;
  #peakUntilMs = -Infinity;

  /** @param first index of the first of `clients` clients whose pauses are counted */
  constructor(first = 0, clients = 0) {
    this.pauses = new Pauses(first, clients);
  }

  /** Connections that are open and that the server has answered at least once. */
  get held(): number {
    return this.#held;
  }

  /**
   * An exchange is complete. Its latency counts from when it was meant to be sent, its service time from when it was
   * sent.
   */
  answered(sentMs: number, intendedMs: number, nowMs: number, recording: Recording): void {
    this.exchanges.completed++;
    this.window.answered(sentMs, nowMs);
    if (recording === 'none' || !this.window.records(intendedMs)) return;
    this.recorder.latency.record((nowMs - intendedMs) * 1000);
    if (recording === 'latency-and-service') this.recorder.service.record((nowMs - sentMs) * 1000);
  }

  /** A connection got its first answer. */
  hold(nowMs: number): void {
    this.#held++;
    if (this.#held <= this.#peak) return;
    this.#peak = this.#held;
    this.#peakFromMs = nowMs;
    this.#peakUntilMs = Infinity;
  }

  /** A connection that was held is being closed. */
  release(nowMs: number): void {
    if (this.#held === this.#peak && this.#peakUntilMs === Infinity) this.#peakUntilMs = nowMs;
    this.#held--;
  }

  /** Counts a failed attempt and keeps the words of the first of its kind. */
  fail({ errors }: OpenAccount, kind: ErrorKind, message: string): void {
    errors[kind] = (errors[kind] ?? 0) + 1;
    if (!this.#firstErrors.has(kind)) this.#firstErrors.set(kind, message);
  }

  /**
   * Counts an attempt that has come to its end without success: failed, or in flight where the load was stopped. What a
   * scenario throws as it looks at an answer is a mismatch.
   */
  end(account: OpenAccount, why: Error): void {
    if (why instanceof ExchangeError) this.fail(account, why.kind, why.message);
    else if (!(why instanceof Stopped)) this.fail(account, 'mismatch', why.message);
    else if (why.reason === 'deadline') this.fail(account, 'deadline', why.message);
    else account.inFlight++;
  }

  /** Increases a counter of the scenario's own. */
  count(counter: string, by: number): void {
    this.#own[counter] = (this.#own[counter] ?? 0) + by;
  }

  read(): Counted {
    return {
      window: this.window,
      pauses: this.pauses.read(),
      peak: { count: this.#peak, fromMs: this.#peakFromMs, untilMs: this.#peakUntilMs },
      connects: this.connects,
      exchanges: this.exchanges,
      bytesSent: this.bytesSent,
      bytesReceived: this.bytesReceived,
      counters: this.#own,
      histograms: this.recorder.encode(),
      firstErrors: [...this.#firstErrors].map(([kind, message]) => ({ kind, message })),
    };
  }

  [Symbol.dispose](): void {
    this.recorder[Symbol.dispose]();
  }
}
