/**
 * The API available to scenarios: one synthetic client, its connections, its deadlines and its counters.
 *
 * The engine behind it (harness/load) may run a client in this process, in one of several generator processes, or on
 * another machine; a scenario cannot tell.
 */
import type { ErrorKind } from '../results/schema/load.ts';

/** How a connection's bytes are cut into messages. */
export type Framing = 'frames' | 'raw';

export interface ConnectOptions {
  /** Default `frames`: docs/servers/wire.md. `raw`: a reply is as many bytes as the exchange expects. */
  readonly framing?: Framing;
  /** How long the attempt may take, in ms. Default: the trial's deadline. */
  readonly deadlineMs?: number;
  /** The same, where giving up is within the rules: over it, the error is of kind `patience`. */
  readonly patienceMs?: number;
  /** Another port than the server's own, for scenarios with several servers. */
  readonly port?: number;
}

/** How the sends of an open loop are spread over time: evenly, or as a Poisson process. */
export type ArrivalKind = 'constant' | 'poisson';

export interface ExchangeOptions {
  /** How long the answer may take, in ms; then the connection is given up. Default: the trial's deadline. */
  readonly deadlineMs?: number;
  /** The same, where giving up is within the rules: over it, the error is of kind `patience`. */
  readonly patienceMs?: number;
  /** Raw framing: bytes of the reply. Default: as many as were sent. */
  readonly replyBytes?: number;
  /** The answer has to be the request again, byte for byte (framed: as a reply); any other is counted `mismatch`. */
  readonly echoes?: boolean;
  /**
   * Looks at the answer. Return false, or throw an ExchangeError or FrameError, for a wrong one: it is counted
   * `mismatch`.
   */
  readonly onReply?: (reply: Uint8Array) => boolean | void;
  /**
   * Code of an error frame that is the right answer to this request (docs/servers/wire.md): the exchange is completed, and
   * still rejects with it.
   */
  readonly accepts?: number;
  /** False for what is no exchange of messages, such as opening a session: its time is none of the latencies. */
  readonly latency?: boolean;
  /** The server closes after this answer: with it the connection is no longer held. */
  readonly ends?: boolean;
}

/** A loop of exchanges that the engine runs without a promise per message. Ends at `count` or `untilMs`, whichever is first. */
export interface ExchangeLoop {
  /**
   * The request, sent again each time, or made anew for each one (`i` counts from 0). A frame gets a new call id each
   * time, and plain bytes that are to come back begin with letters drawn anew, so that no server can answer in advance.
   */
  readonly request: Uint8Array | ((i: number) => Uint8Array);
  readonly count?: number;
  /** End of the loop in ms after the common start; an exchange under way is completed. */
  readonly untilMs?: number;
  /**
   * Pause between an answer and the next request, in ms, or drawn anew each time. Default 0. The grain is 1 ms: a set
   * pause between 0 and 1 is refused, and a drawn one under 1 lasts until the next turn of the timer.
   */
  readonly thinkMs?: number | (() => number);
  /**
   * Makes it an open loop: requests are due at set times, whatever the answers do, and latency counts from the time a
   * request was due. One that falls due while the last is unanswered is sent as soon as the answer is there. Excludes
   * `thinkMs`.
   */
  readonly rate?: {
    /** Of all clients of the trial together; each carries an equal part. */
    readonly perSecond: number;
    /** Default constant. */
    readonly arrivals?: ArrivalKind;
  };
  /** Deadline of each exchange, in ms. */
  readonly deadlineMs?: number;
  /** Raw framing: bytes of each reply. Default: as many as were sent. */
  readonly replyBytes?: number;
  /** As for a single exchange. */
  readonly echoes?: boolean;
  /** As for a single exchange; the reply is valid only during the call, since its buffer is used again. */
  readonly onReply?: (reply: Uint8Array, i: number) => boolean | void;
}

/** One connection of a client. Disposing it closes it. */
export interface Connection extends AsyncDisposable {
  /**
   * Sends a request and waits for its whole answer; counted, and its latency recorded. The answer is a copy: one
   * frame, or all frames of an answer in chunks one after another. One exchange at a time on a connection. The call id
   * of a framed request is written here, and its answer must have the same id and method.
   *
   * After an error of kind `busy`, `answer` or `mismatch` the connection goes on; after any other it is closed.
   *
   * @throws ExchangeError with its kind
   */
  exchange(request: Uint8Array, options?: ExchangeOptions): Promise<Uint8Array>;
  /**
   * Many exchanges one after another, without a promise for each.
   *
   * @throws ExchangeError at the first that fails; UsageError for a pause between 0 and 1 ms
   */
  exchanges(loop: ExchangeLoop): Promise<void>;
  /** Sends without waiting for an answer (events, chat). Resolves when the kernel or a bounded buffer has taken it. */
  send(message: Uint8Array): Promise<void>;
  /**
   * The next message that answers no exchange (framed: events; raw: whatever bytes come); undefined at the end of the
   * stream. While nobody asks, up to 1,024 messages are kept; then the server is no longer read from.
   *
   * @throws ExchangeError when the deadline is over or the connection breaks
   */
  receive(options?: { readonly deadlineMs?: number }): Promise<Uint8Array | undefined>;
  /** Calls `onMessage` for every message that answers no exchange (valid only during the call), until the stream ends. */
  subscribe(onMessage: (message: Uint8Array) => void): void;
  /**
   * Closes in order: at once where the server only ever answered; where it also spoke unasked, by half-closing and
   * waiting for its end.
   */
  close(): Promise<void>;
}

/** One synthetic client of a trial. */
export interface Client {
  /** 0 to clients − 1, over all generators. */
  readonly index: number;
  /** Number of clients of the trial. */
  readonly clients: number;
  /** Uniform in [0, 1), from the trial's seed and this client's index. */
  readonly random: () => number;
  /** Aborts when the trial is stopped. */
  readonly signal: AbortSignal;
  /** A folder of the run in which clients may keep files. */
  readonly folder: string;
  /** ms since the common start of all clients. */
  elapsedMs(): number;
  /** @throws ExchangeError with its kind */
  connect(options?: ConnectOptions): Promise<Connection>;
  /**
   * Holds still for so many ms (1 ms grain; shorter ones are refused with a clear error). `looks`: only to look again after
   * it whether something has happened. That is none of the client's own pauses, and its lateness makes nothing last longer.
   */
  sleep(ms: number, options?: { readonly looks?: boolean }): Promise<void>;
  /** Increases a counter of the scenario. */
  count(counter: string, by?: number): void;
  /** Records a value into a histogram of the scenario (whole numbers ≥ 0; durations in µs). */
  record(histogram: string, value: number): void;
  /** The same, where no more is known than that the value is at least `bound`: of a wait that was given up, say. */
  recordAtLeast(histogram: string, bound: number): void;
}

/** An exchange or a connection attempt that did not complete. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
  readonly kind: ErrorKind;
  /** The code of the server's error frame (docs/servers/wire.md); undefined where it sent none. */
  readonly code: number | undefined;
  constructor(kind: ErrorKind, message: string, options?: ErrorOptions & { readonly code?: number }) {
    super(message, options);
    this.kind = kind;
    this.code = options?.code;
  }
}

/** Thrown by a scenario whose client gave up within the rules: counted as a lost client, not as a failure. */
export class LostClient extends Error {
  override readonly name = 'LostClient';
}
