/** A part of a trial's load, made by the HTTP load tool in this process. */
import { messageOf, UnfitError, UsageError } from '../../errors.ts';
import type { HttpLoad, HttpScenario } from '../../scenario/scenario.ts';
import type { LoadSnapshot } from '../backend.ts';
import { monotonicClock, waitUntil } from '../time/clock.ts';
import { startSelfObservation } from '../accounts/self-observation.ts';
import { countedIn, type ShardResult, type ShardSpec } from '../accounts/shard-result.ts';
import type { ShardRunner } from '../generator/shard-runner.ts';
import type { Stopped } from '../client/stopped.ts';
import { Tally } from '../accounts/counters.ts';
import { sampleTimeline, Timeline } from '../accounts/timeline.ts';
import { MeasuredWindow } from '../accounts/window.ts';
import { loadAutocannon, type Cannon } from './autocannon.ts';
import { HttpConnection } from './http-connection.ts';

export class HttpShard implements ShardRunner {
  readonly #spec: ShardSpec;
  readonly #scenario: HttpScenario;
  readonly #load: HttpLoad;
  readonly #fire = loadAutocannon();
  readonly #tally = new Tally(new MeasuredWindow());
  readonly #timeline = new Timeline();
  readonly #connections: HttpConnection[] = [];
  #cannon: Cannon | undefined;
  #stopped: Stopped['reason'] | undefined;
  #startMs = 0;

  /** @throws UsageError for a rate of less than one request a second and connection */
  constructor(spec: ShardSpec, scenario: HttpScenario) {
    this.#spec = spec;
    this.#scenario = scenario;
    this.#load = shareOf(scenario.http(spec.load.parameters), spec);
  }

  /** @throws UnfitError when the tool itself fails */
  async run(startMs: number): Promise<ShardResult> {
    const clock = monotonicClock;
    const tally = this.#tally;
    const { load, from, to } = this.#spec;
    await waitUntil(clock, startMs);
    this.#startMs = startMs;
    const measuredUntilMs = this.#scenario.measuredUntilMs?.(load.parameters) ?? this.#load.durationMs;
    tally.window.fromMs = startMs + load.warmupMs;
    tally.window.untilMs = startMs + measuredUntilMs;
    const observation = startSelfObservation('node');
    const cancelSampling = sampleTimeline(this.#timeline, clock, startMs, tally, () => observation.sample());
    const cancelDeadline = clock.after(load.deadlineMs, () => this.stop('deadline'));
    try {
      const { requestsPerSecond, bytes } = await this.#shoot(to - from);
      tally.bytesReceived = bytes;
      if (!this.#stopped) tally.count('toolRequests', requestsPerSecond);
    } catch (error) {
      throw new UnfitError(`autocannon failed: ${messageOf(error)}`, { cause: error });
    } finally {
      cancelDeadline();
      cancelSampling();
    }
    const nowMs = clock.now();
    for (const connection of this.#connections) connection.end(nowMs);
    const elapsedMs = nowMs - startMs;
    tally.window.offered = this.#offered(Math.min(measuredUntilMs, elapsedMs) - load.warmupMs);
    this.#timeline.finish(elapsedMs, tally.exchanges.completed);
    return {
      elapsedMs,
      measured: { fromMs: load.warmupMs, untilMs: measuredUntilMs },
      ...this.#counted(),
      clients: this.#clients(to - from),
      generator: observation.stop(),
      timeline: this.#timeline.grid(),
    };
  }

  stop(reason: Stopped['reason']): void {
    this.#stopped ??= reason;
    this.#cannon?.stop();
  }

  snapshot(): LoadSnapshot {
    return {
      atMs: this.#startMs === 0 ? 0 : monotonicClock.now() - this.#startMs,
      established: this.#tally.held,
      completed: this.#tally.exchanges.completed,
      clientsDone: 0,
    };
  }

  [Symbol.dispose](): void {
    this.stop('stopped');
    this.#tally[Symbol.dispose]();
  }

  /** The tool's response times are latencies, or with a rate service times; under a name of their own they are both. */
  #counted(): ReturnType<typeof countedIn> {
    const counted = countedIn(this.#tally);
    const { latency, service } = counted.histograms;
    const response = latency ?? service;
    return response ? { ...counted, histograms: { ...counted.histograms, response } } : counted;
  }

  #shoot(connections: number): Cannon['over'] {
    const { hosts, port } = this.#spec.load;
    const { pipelining, ratePerSecond } = this.#load;
    const paced = ratePerSecond !== undefined;
    this.#cannon = this.#fire(
      this.#load,
      hosts.map((host) => `http://${host}:${port}`),
      connections,
      () => {
        const connection = new HttpConnection({
          clock: monotonicClock,
          tally: this.#tally,
          pipelining,
          paced,
        });
        this.#connections.push(connection);
        return connection;
      },
    );
    if (this.#stopped) this.#cannon.stop();
    return this.#cannon.over;
  }

  /** Requests that the set rate makes due in so many ms; 0 without a rate. */
  #offered(windowMs: number): number {
    const { ratePerSecond = 0 } = this.#load;
    return Math.max(0, Math.round((ratePerSecond * windowMs) / 1000));
  }

  /** A client is a connection: one that was never answered has failed. */
  #clients(asked: number): ShardResult['clients'] {
    const answered = this.#connections.filter((connection) => connection.answered).length;
    const cut = this.#stopped === 'stopped';
    return {
      asked,
      completed: cut ? 0 : answered,
      lost: 0,
      failed: cut ? 0 : asked - answered,
      stopped: cut ? asked : 0,
    };
  }
}

/** The part of the load that falls to this generator. */
function shareOf(load: HttpLoad, { from, to, load: { clients } }: ShardSpec): HttpLoad {
  const { ratePerSecond } = load;
  if (ratePerSecond === undefined) return load;
  if (ratePerSecond < clients) {
    // The tool would open fewer connections, and say nothing.
    throw new UsageError(
      `A rate of ${ratePerSecond}/s is less than one request a second for each of ${clients} connections, ` +
        'which autocannon cannot send; give a higher rate or fewer clients.',
    );
  }
  return { ...load, ratePerSecond: (ratePerSecond * (to - from)) / clients };
}
