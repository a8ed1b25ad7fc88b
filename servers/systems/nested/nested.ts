/**
 * nested: a server that calls the next one to answer a call, S1 → S2 → S3, and from the last back into the first.
 * The servers find each other through a name server. Each call carries the time that is left for it, so that a chain
 * that cannot end (who would answer is itself waiting for this very call) ends with the error `deadline`.
 */
import { answerCalls, busy, on } from '../../services/api/calls.ts';
import type { Call } from '../../services/api/calls.ts';
import { MAX_DEPTH, memberName, startChain } from './chain.ts';
import { CallFailed, FramedClient } from '../../wire/client.ts';
import type { Address } from '../../wire/client.ts';
import type { ServiceModule } from '../../services/api/service.ts';

const MAX_HOPS = 64;
const MAX_DEADLINE_MS = 60_000;

/** Share of the time left that a server gives to the next; it keeps the rest to pass on the answer, or the error. */
const PASSED_ON = 0.9;

const parameters = {
  /** Servers in the chain. */
  depth: { type: 'integer', default: 3, min: 1, max: MAX_DEPTH },
  /** Which of them this one is; 1 starts the others, unless names is set. */
  level: { type: 'integer', default: 1, min: 1, max: MAX_DEPTH },
  /** Port of the name server on this host; 0: level 1 starts one. */
  names: { type: 'integer', default: 0, min: 0, max: 65_535 },
} as const;

export const service: ServiceModule<typeof parameters> = {
  parameters,
  startCompanions: startChain,
  create: ({ depth, level, names }) => {
    const counters = { calls: 0, forwarded: 0 };
    const next = level < depth ? level + 1 : 1;
    return {
      counters,
      serve: async (connection) => {
        using onward = new Onward({ host: '127.0.0.1', port: names }, memberName(next));
        return await answerCalls(connection, [
          on('nested.call', async (call) => {
            const { hops, deadlineMs, payload } = call.request;
            counters.calls += 1;
            if (hops > MAX_HOPS) return call.fail('bad-argument', `hops is at most ${MAX_HOPS}`);
            if (deadlineMs < 1 || deadlineMs > MAX_DEADLINE_MS) {
              return call.fail('bad-argument', `deadlineMs is from 1 to ${MAX_DEADLINE_MS}`);
            }
            if (hops === 0) return call.reply({ path: [level], payload });
            counters.forwarded += 1;
            return forward(call, onward, level);
          }),
        ]);
      },
    };
  },
  turnAway: () => busy('nested.call'),
};

async function forward(call: Call<'nested.call'>, onward: Onward, level: number): Promise<void> {
  const { hops, deadlineMs, payload } = call.request;
  try {
    const reply = await onward.call({ hops: hops - 1, payload }, deadlineMs * PASSED_ON);
    call.reply({ path: [level, ...reply.path], payload: reply.payload });
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    call.fail(error.error, error.message);
  }
}

/** The way to the next server, looked up and connected when it is first needed, and kept as long as it works. */
class Onward implements Disposable {
  readonly #names: Address;
  readonly #name: string;
  #client: FramedClient | undefined;

  constructor(names: Address, name: string) {
    this.#names = names;
    this.#name = name;
  }

  /** @throws {CallFailed} */
  async call(
    request: { readonly hops: number; readonly payload: Uint8Array },
    withinMs: number,
  ): Promise<{ readonly path: readonly number[]; readonly payload: Uint8Array }> {
    const untilMs = performance.now() + withinMs;
    const leftMs = (): number => Math.max(1, Math.floor(untilMs - performance.now()));
    if (!this.#client?.usable) {
      this.#client = new FramedClient(this.#name, await lookUp(this.#names, this.#name, leftMs()));
    }
    const deadlineMs = leftMs();
    return await this.#client.call('nested.call', { ...request, deadlineMs }, deadlineMs);
  }

  [Symbol.dispose](): void {
    this.#client?.[Symbol.dispose]();
  }
}

/** Where a name is. @throws {CallFailed} `not-found` when nobody registered it */
async function lookUp(names: Address, name: string, deadlineMs: number): Promise<Address> {
  using client = new FramedClient('the name server', names);
  return await client.call('names.lookup', { name }, deadlineMs);
}
