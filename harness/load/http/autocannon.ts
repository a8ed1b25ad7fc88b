/**
 * The HTTP load tool autocannon 9, and all that is known of it. Only the shards that use it load this file.
 *
 * Two of its figures are not used: its latencies have a grain of 1 ms, while its events tell them to the nanosecond;
 * and with a rate it "corrects" them for coordinated omission by an interval of 1 / rate in *seconds* where values are
 * in *milliseconds* (lib/run.js), so every correction is wrong.
 */
import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { HttpLoad } from '../../scenario/scenario.ts';

/** What happens on one of its connections, which it opens again whenever it ends. */
export interface ConnectionEvents {
  /** A request was handed to the socket. */
  request(): void;
  /** The whole response to the oldest request has come. @param elapsedMs since that request was sent */
  response(status: number, elapsedMs: number): void;
  /** The connection broke, or could not be made. */
  connError(error: Error): void;
  /** Told for each request that was given up because no answer came in time, after the connection was opened again. */
  timeout(): void;
}

export interface ToolFigures {
  /** Requests a second: the mean of its whole-second counts, warm-up included. Not of a load that was stopped. */
  readonly requestsPerSecond: number;
  /** Bytes of all responses. */
  readonly bytes: number;
}

export interface RunningTool {
  readonly over: Promise<ToolFigures>;
  /** Ends it at the next whole second. */
  stop(): void;
}

/** It has no types: this is what is used of it. */
const autocannon = createRequire(import.meta.url)('autocannon') as Autocannon;

/** Starts the tool. @param watch called for each connection that is made */
export function startAutocannon(
  load: HttpLoad,
  urls: readonly string[],
  connections: number,
  watch: () => ConnectionEvents,
): RunningTool {
  const { promise, resolve, reject } = Promise.withResolvers<ToolFigures>();
  const tracker = autocannon(optionsOf(load, urls, connections, watch), (error, result) => {
    if (error) reject(error);
    else resolve({ requestsPerSecond: result.requests.average, bytes: result.throughput.total });
  });
  return { over: promise, stop: () => tracker.stop?.() };
}

type Autocannon = (
  options: Readonly<Record<string, unknown>>,
  callback: (error: Error | null, result: Result) => void,
) => EventEmitter & { readonly stop?: () => void };

interface Result {
  readonly requests: { readonly average: number };
  readonly throughput: { readonly total: number };
}

function optionsOf(
  load: HttpLoad,
  urls: readonly string[],
  connections: number,
  watch: () => ConnectionEvents,
): Readonly<Record<string, unknown>> {
  const { method, body, pipelining, durationMs, timeoutMs, ratePerSecond } = load;
  return {
    url: urls.map((url) => url + load.path),
    connections,
    method,
    pipelining,
    duration: durationMs / 1000,
    timeout: timeoutMs / 1000,
    ...(body === undefined ? {} : { body }),
    ...(ratePerSecond === undefined ? {} : { overallRate: ratePerSecond, ignoreCoordinatedOmission: true }),
    // Called for each connection before its first request, unlike the events of the whole.
    setupClient: (client: EventEmitter) => {
      const events = watch();
      client.on('request', () => events.request());
      client.on('response', (status: number, _bytes: number, elapsedMs: number) =>
        events.response(status, elapsedMs),
      );
      client.on('connError', (error: Error) => events.connError(error));
      client.on('timeout', () => events.timeout());
    },
  };
}
