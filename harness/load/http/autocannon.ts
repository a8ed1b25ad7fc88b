/**
 * The HTTP load tool autocannon 9, and what is known of it. Only the shards that use it load this file.
 *
 * Two of its figures are not used: its latencies have a grain of 1 ms, while its events tell them to the nanosecond;
 * and with a rate it "corrects" them for coordinated omission by an interval of 1 / rate in *seconds* where values are
 * in *milliseconds* (lib/run.js), so every correction is wrong.
 *
 * Four of its habits are mended from outside (http-connection.ts), by fields of its connections that it does not
 * document; the lockfile pins the version. It takes an informational answer (1xx) for the answer; it keeps parser and
 * queue of a connection that ended, so that later answers are told with the times of earlier requests; it opens a
 * connection for each of several events of one that died; and it says nothing of bytes that are not HTTP.
 */
import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { HttpLoad } from '../../scenario/scenario.ts';

export interface ToolFigures {
  /** Requests a second: the mean of its whole-second counts, warm-up included. Not of a load that was stopped. */
  readonly requests: { readonly average: number };
  /** Bytes of all responses. */
  readonly throughput: { readonly total: number };
}

export interface RunningTool {
  readonly over: Promise<ToolFigures>;
  /** Ends it at the next whole second. */
  stop(): void;
}

/** The head of an answer. */
export interface AnswerHead {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly shouldKeepAlive: boolean;
}

/** One of the tool's connections, which it opens again whenever it ends. */
export interface ToolClient extends EventEmitter {
  /** The socket under it: another one once it was opened again. */
  readonly conn: Socket;
  /** The requests that wait for their answers, the oldest first. */
  readonly pipelinedRequests: {
    size(): number;
    clear(): void;
    peek(): { readonly body: string } | undefined;
  };
  readonly parser: ToolParser;
  /** Drops the connection and opens another. */
  _resetConnection(): void;
}

/** The parser of http-parser-js; what it tells of has a number each. */
export interface ToolParser {
  readonly type: string;
  execute(chunk: Buffer): unknown;
  /** The connection ended: completes an answer whose end that is. */
  finish(): unknown;
  reinitialize(type: string): void;
  [event: number]: () => void;
}

/** It has no types: this is what is used of it. */
const autocannon = createRequire(import.meta.url)('autocannon') as (
  options: Readonly<Record<string, unknown>>,
  callback: (error: Error | null, result: ToolFigures) => void,
) => EventEmitter & { readonly stop?: () => void };

/**
 * Starts the tool.
 *
 * @param server such as `http://127.0.0.1:8080`
 * @param watch called for each connection before its first request, unlike the events of the whole
 */
export function startAutocannon(
  load: HttpLoad,
  server: string,
  connections: number,
  watch: (client: ToolClient) => void,
): RunningTool {
  const { method, path, body, pipelining, durationMs, timeoutMs, ratePerSecond } = load;
  const options = {
    url: server + path,
    connections,
    method,
    pipelining,
    duration: durationMs / 1000,
    timeout: timeoutMs / 1000,
    ...(body === undefined ? {} : { body }),
    ...(ratePerSecond === undefined ? {} : { overallRate: ratePerSecond, ignoreCoordinatedOmission: true }),
    setupClient: watch,
  };
  const { promise, resolve, reject } = Promise.withResolvers<ToolFigures>();
  const tracker = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)));
  return { over: promise, stop: () => tracker.stop?.() };
}
