/** State kept by the clients: each carries its total in a signed cookie, and goes on when a worker dies under it. */
import {
  type Client,
  type Connection,
  ExchangeError,
  type ExchangeOptions,
} from '../harness/scenario/client.ts';
import { defineScenario } from '../harness/scenario/scenario.ts';
import { accepting, call, unless } from './common/calls.ts';
import { counterOf } from './common/metrics.ts';
import { integer, times } from './common/parameters.ts';

/** A client that lost its connection connects again after so long, and gives up after so many times in a row. */
const RETRY_MS = 20;
const RETRIES = 50;

export default defineScenario({
  id: 'cookie',
  title: 'A total that each client carries in a signed cookie',
  question: 'What does it cost to keep the state at the clients, and what does it save when a worker dies?',
  service: 'cookie',
  parameters: {
    updates: times(50, 'Updates of each client.'),
    crash: integer(
      0,
      [0, 1_000_000_000],
      'Each worker dies in the middle of its call of this number; 0: never.',
    ),
    forged: integer(
      0,
      [0, 1_000_000],
      'Calls of each client with a cookie that it changed; each must come back as bad-signature.',
    ),
  },
  serviceSettings: ({ crash }) => ({ crash: String(crash) }),
  metrics: [
    counterOf('wentOn', {
      id: 'went-on',
      title: 'reconnections',
      direction: 'neutral',
      description:
        'Times that a client lost its connection in the middle of a call and went on over a new one.',
    }),
    counterOf('wrong', {
      id: 'wrong-totals',
      title: 'wrong totals',
      description: 'Clients whose total was not the number of their updates in the end.',
    }),
    counterOf('accepted', {
      id: 'forgeries-accepted',
      title: 'forgeries accepted',
      description: 'Changed cookies that the server took for its own.',
    }),
  ],
  headline: 'cpu-per-exchange',
  faults: ['wrong', 'accepted'],
  idealMs: () => 0,
  deadlineMs: ({ updates, crash }, clients) => 20_000 + clients * updates * (crash > 0 ? 200 : 5),
  async client(client, { updates, forged }) {
    for (const counter of ['wentOn', 'wrong', 'accepted']) client.count(counter, 0);
    const line = new Line(client);
    let cookie: Uint8Array = new Uint8Array();
    let total = 0n;
    for (let i = 0; i < updates; i += 1) ({ total, cookie } = await line.add(cookie));
    if (total !== BigInt(updates)) client.count('wrong');
    for (let i = 0; i < forged; i += 1) {
      if (await unless('bad-signature', line.add(changed(cookie, i), accepting('bad-signature'))))
        client.count('accepted');
    }
    await line.close();
  },
});

/** A client's connection, replaced when it breaks. */
class Line {
  readonly #client: Client;
  #connection: Connection | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Adds 1. The server may have done it and died before it answered: with the same cookie it is not done twice. */
  async add(
    cookie: Uint8Array,
    options: ExchangeOptions = {},
  ): Promise<{ readonly total: bigint; readonly cookie: Uint8Array }> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.#connection ??= await this.#client.connect();
        return await call(this.#connection, 'cookie.add', { cookie, by: 1 }, options);
      } catch (error) {
        if (attempt > RETRIES || !isBreak(error)) throw error;
        this.#connection = undefined;
        this.#client.count('wentOn');
        await this.#client.sleep(RETRY_MS);
      }
    }
  }

  async close(): Promise<void> {
    await this.#connection?.close();
  }
}

function isBreak(error: unknown): boolean {
  return error instanceof ExchangeError && ['closed', 'reset', 'refused'].includes(error.kind);
}

function changed(cookie: Uint8Array, i: number): Uint8Array {
  const copy = Uint8Array.from(cookie);
  const at = i % copy.length;
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
