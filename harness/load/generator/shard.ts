/** Runs a part of a trial's clients. The same behind every backend. */
import { messageOf, UsageError } from '../../errors.ts';
import { ExchangeError, LostClient } from '../../scenario/client.ts';
import type { ClientScenario, Scenario } from '../../scenario/scenario.ts';
import type { LoadSnapshot, ShardRunner, ShardSpec } from '../backend.ts';
import { SyntheticClient, type Outcome } from '../client/client.ts';
import type { Clock } from '../time/clock.ts';
import { Engine } from '../client/engine.ts';
import { rampStartMs } from '../time/pacing.ts';
import type { ShardResult } from '../accounts/counters.ts';
import { Stopped, Timeout } from '../time/timeout.ts';
import { LoadWatch } from '../accounts/watch.ts';

/** After a stop, clients that do not come to their end by themselves are given up after so many ms. */
const UNWIND_MS = 1000;

/** What is still under way when a client's function ends is abandoned. */
const ABANDONED = new Stopped('stopped');

export class Shard implements ShardRunner {
  readonly #spec: ShardSpec;
  readonly #scenario: ClientScenario;
  readonly #engine: Engine;
  readonly #clients: readonly SyntheticClient[];
  readonly #abort = new AbortController();
  readonly #outcomes: Record<Outcome, number> = { completed: 0, lost: 0, failed: 0, stopped: 0 };
  readonly #allDone = Promise.withResolvers<void>();
  readonly #watch: LoadWatch;
  #stopped: Stopped | undefined;
  #lastLateMs = 0;
  /** The first error that does not belong to a measurement: a defect of the scenario. */
  #defect: Error | undefined;

  /** Makes everything that is not to be measured. */
  constructor(spec: ShardSpec, scenario: ClientScenario, clock?: Clock) {
    this.#spec = spec;
    this.#scenario = scenario;
    this.#engine = new Engine(spec, clock);
    this.#watch = new LoadWatch(this.#engine.clock, this.#engine.counters);
    this.#clients = Array.from(
      { length: spec.to - spec.from },
      (_, i) => new SyntheticClient(this.#engine, spec.load, spec.from + i, this.#abort.signal),
    );
  }

  /**
   * Starts the clients at `startMs` of the engine's clock and resolves when the last is done. Once.
   *
   * @throws UsageError when the scenario itself fails
   */
  async run(startMs: number): Promise<ShardResult> {
    const { load } = this.#spec;
    const { clock, sockets } = this.#engine;
    this.#engine.startMs = startMs;
    const untilMs = this.#scenario.measuredUntilMs?.(load.parameters) ?? null;
    await this.#watch.start(startMs, load, untilMs, () => this.stop('deadline'));
    for (const client of this.#clients) this.#startClient(client);
    await this.#allDone.promise;
    const clients = { asked: this.#clients.length, ...this.#outcomes };
    const seen = this.#watch.finish(clock.now(), clients, sockets.kind);
    if (this.#defect) throw this.#defect;
    const wrong = (this.#scenario.faults ?? []).reduce((sum, name) => sum + (seen.counters[name] ?? 0), 0);
    return { ...seen, lastLateMs: this.#lastLateMs, wrong };
  }

  /** Ends every client early. */
  stop(reason: Stopped['reason']): void {
    if (this.#stopped) return;
    this.#stopped = new Stopped(reason);
    const { clock, wheel } = this.#engine;
    this.#abort.abort(this.#stopped);
    for (const client of this.#clients) client.stop(this.#stopped);
    wheel.forEach((entry) => {
      if (!(entry instanceof Timeout)) return;
      wheel.remove(entry);
      entry.onStop(this.#stopped as Stopped);
    });
    clock.after(UNWIND_MS, () => this.#giveUpRest());
  }

  snapshot(): LoadSnapshot {
    return this.#watch.snapshot();
  }

  [Symbol.dispose](): void {
    this.stop('stopped');
    this.#watch[Symbol.dispose]();
    this.#engine[Symbol.dispose]();
  }

  #startClient(client: SyntheticClient): void {
    const { startMs, wheel } = this.#engine;
    const { load } = this.#spec;
    const delayMs = rampStartMs(client.index, load.clients, load.rampMs ?? 0);
    const start = (): void => void this.#live(client).then((outcome) => this.#ended(outcome, client));
    if (delayMs === 0) start();
    else wheel.arm(new Timeout(start, () => this.#ended('stopped')), startMs + delayMs);
  }

  async #live(client: SyntheticClient): Promise<Outcome> {
    try {
      await this.#scenario.client(client, this.#spec.load.parameters);
      return 'completed';
    } catch (error) {
      return this.#outcomeOf(client, error);
    } finally {
      client.stop(this.#stopped ?? ABANDONED);
    }
  }

  #outcomeOf(client: SyntheticClient, error: unknown): Outcome {
    if (this.#stopped) return this.#stopped.reason === 'deadline' ? 'failed' : 'stopped';
    if (error instanceof LostClient) return 'lost';
    if (error instanceof ExchangeError) {
      return error.kind === 'busy' || error.kind === 'patience' ? 'lost' : 'failed';
    }
    this.#defect ??= scenarioDefect(this.#scenario.id, client.index, error);
    this.stop('stopped');
    return 'failed';
  }

  #ended(outcome: Outcome, client?: SyntheticClient): void {
    const { counters } = this.#engine;
    this.#outcomes[outcome]++;
    counters.clientsDone++;
    if (counters.clientsDone < this.#clients.length) return;
    // A load that goes on for a set time does not become longer by the pauses in it.
    const isTimed = this.#scenario.measuredUntilMs !== undefined;
    this.#lastLateMs = isTimed || !client ? 0 : counters.pauses.lateMsOf(client.index);
    this.#allDone.resolve();
  }

  /** Clients that wait for something of their own after a stop are counted as they stand. */
  #giveUpRest(): void {
    const rest = this.#clients.length - this.#engine.counters.clientsDone;
    if (rest === 0) return;
    this.#outcomes[this.#stopped?.reason === 'deadline' ? 'failed' : 'stopped'] += rest;
    this.#allDone.resolve();
  }
}

/** Makes everything that is not to be measured. A tool is loaded only for the scenarios that it serves. */
export async function shardOf(spec: ShardSpec, scenario: Scenario): Promise<ShardRunner> {
  if (scenario.http === undefined) return new Shard(spec, scenario);
  const { HttpShard } = await import('../http/http-shard.ts');
  return new HttpShard(spec, scenario);
}

/** An error of the scenario's own code, which makes the load worthless. */
function scenarioDefect(scenario: string, client: number, error: unknown): Error {
  if (error instanceof UsageError) return error;
  const where = error instanceof Error ? (error.stack?.split('\n')[1]?.trim() ?? '') : '';
  const message = `Scenario ${scenario} failed in client ${client}: ${messageOf(error)} ${where}`.trimEnd();
  const remedy = 'Correct the scenario; expected errors are ExchangeError and LostClient.';
  return new UsageError(`${message}. ${remedy}`, { cause: error });
}
