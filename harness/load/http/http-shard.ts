/** A part of a trial's load, made by the HTTP load tool in this process. */
import { messageOf, UnfitError, UsageError } from '../../errors.ts';
import type { HttpLoad, HttpScenario } from '../../scenario/scenario.ts';
import { Counters, type ShardResult } from '../accounts/counters.ts';
import { LoadWatch } from '../accounts/watch.ts';
import type { LoadSnapshot, ShardRunner, ShardSpec } from '../backend.ts';
import { monotonicClock } from '../time/clock.ts';
import type { Stopped } from '../time/timeout.ts';
import { startAutocannon, type RunningTool } from './autocannon.ts';
import { HttpConnection } from './http-connection.ts';

export class HttpShard implements ShardRunner {
  readonly #spec: ShardSpec;
  readonly #scenario: HttpScenario;
  readonly #load: HttpLoad;
  readonly #counters = new Counters();
  readonly #watch = new LoadWatch(monotonicClock, this.#counters);
  readonly #connections: HttpConnection[] = [];
  #tool: RunningTool | undefined;
  #stopped: Stopped['reason'] | undefined;

  /** @throws UsageError for a rate of less than one request a second and connection */
  constructor(spec: ShardSpec, scenario: HttpScenario) {
    this.#spec = spec;
    this.#scenario = scenario;
    this.#load = shareOf(scenario.http(spec.load.parameters), spec);
  }

  /** @throws UnfitError when the tool itself fails */
  async run(startMs: number): Promise<ShardResult> {
    const counters = this.#counters;
    const { load, from, to } = this.#spec;
    const measuredUntilMs = this.#scenario.measuredUntilMs?.(load.parameters) ?? this.#load.durationMs;
    await this.#watch.start(startMs, load, measuredUntilMs, () => this.stop('deadline'));
    try {
      const { requests, throughput } = await this.#request(to - from);
      counters.bytesReceived = throughput.total;
      if (!this.#stopped) counters.count('toolRequests', requests.average);
    } catch (error) {
      throw new UnfitError(`autocannon failed: ${messageOf(error)}`, { cause: error });
    }
    const endMs = monotonicClock.now();
    for (const connection of this.#connections) connection.end(endMs);
    counters.window.offered = this.#offered(Math.min(measuredUntilMs, endMs - startMs) - load.warmupMs);
    return withResponse(this.#watch.finish(endMs, this.#clients(to - from), 'node'));
  }

  stop(reason: Stopped['reason']): void {
    this.#stopped ??= reason;
    this.#tool?.stop();
  }

  snapshot(): LoadSnapshot {
    return this.#watch.snapshot();
  }

  [Symbol.dispose](): void {
    this.stop('stopped');
    this.#watch[Symbol.dispose]();
    this.#counters[Symbol.dispose]();
  }

  #request(connections: number): RunningTool['over'] {
    const { host, port, sources = [] } = this.#spec.load;
    if (sources.length > 1)
      throw new UnfitError(
        'The HTTP load tool connects from one address, which has too few client ports for so many clients: ask for fewer clients.',
      );
    this.#tool = startAutocannon(this.#load, `http://${host}:${port}`, connections, (client) =>
      this.#connections.push(new HttpConnection(client, this.#counters, this.#load)),
    );
    if (this.#stopped) this.#tool.stop();
    return this.#tool.over;
  }

  /** Requests that the set rate makes due in so many ms; 0 without a rate. */
  #offered(windowMs: number): number {
    const { ratePerSecond = 0 } = this.#load;
    return Math.max(0, Math.round((ratePerSecond * windowMs) / 1000));
  }

  /** A client is a connection: one that never got the answer that it asked for has failed. */
  #clients(asked: number): ShardResult['clients'] {
    const served = this.#connections.filter((connection) => connection.served).length;
    const cut = this.#stopped === 'stopped';
    return {
      asked,
      completed: cut ? 0 : served,
      lost: 0,
      failed: cut ? 0 : asked - served,
      stopped: cut ? asked : 0,
    };
  }
}

/** The tool's response times are latencies, or with a rate service times; under a name of their own they are both. */
function withResponse(result: ShardResult): ShardResult {
  const response = result.histograms['latency'] ?? result.histograms['service'];
  return response ? { ...result, histograms: { ...result.histograms, response } } : result;
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
