/**
 * names: a name server. A server registers where it can be reached for a time to live, and is forgotten unless it
 * registers again; others look the name up. All workers answer from one registry, whichever took the registration.
 */
import { answerCalls, busy, on } from '../../services/api/calls.ts';
import type { Stored } from '../../services/api/store.ts';
import type { ServiceModule } from '../../services/api/service.ts';

/** Longest name and host, in bytes. */
const MAX_TEXT_BYTES = 255;
const MAX_PORT = 65_535;
/** Longest time to live: a day. */
const MAX_TTL_MS = 86_400_000;
/** Entries in one answer to `list`, so that it always fits into a frame. */
const MAX_LISTED = 1000;

/** Where a name points to, as it is kept in the store. */
interface Place {
  readonly host: string;
  readonly port: number;
}

export const service: ServiceModule = {
  parameters: {},
  create: (_, { store }) => {
    const counters = { registered: 0, lookups: 0, unknown: 0, listed: 0 };
    const answers = [
      on('names.register', async (call) => {
        const { name, host, port, ttlMs } = call.request;
        const problem = problemOf(call.request);
        if (problem) return call.fail('bad-argument', problem);
        if (!(await store.set(name, { host, port }, ttlMs))) {
          return call.fail('busy', 'the registry is full: come back when names have expired');
        }
        counters.registered += 1;
        return call.reply({});
      }),
      on('names.lookup', async (call) => {
        counters.lookups += 1;
        const entry = await store.get(call.request.name);
        if (!entry) {
          counters.unknown += 1;
          return call.fail('not-found', 'no such name is registered, or its time to live is over');
        }
        return call.reply({ ...placeOf(entry.value), ttlMs: entry.ttlMs });
      }),
      on('names.list', async (call) => {
        const { after, limit } = call.request;
        if (limit < 1 || limit > MAX_LISTED) {
          return call.fail('bad-argument', `limit is from 1 to ${MAX_LISTED}`);
        }
        const entries = await store.list(after, limit);
        counters.listed += entries.length;
        return call.reply({
          entries: entries.map(({ key, value, ttlMs }) => ({ name: key, ...placeOf(value), ttlMs })),
        });
      }),
    ];
    return { counters, serve: (connection) => answerCalls(connection, answers) };
  },
  turnAway: () => busy('names.lookup'),
};

function problemOf(request: Place & { readonly name: string; readonly ttlMs: number }): string | undefined {
  const { name, host, port, ttlMs } = request;
  if (!fits(name)) return `a name has 1 to ${MAX_TEXT_BYTES} bytes`;
  if (!fits(host)) return `a host has 1 to ${MAX_TEXT_BYTES} bytes`;
  if (port < 1 || port > MAX_PORT) return `a port is from 1 to ${MAX_PORT}`;
  if (ttlMs < 1 || ttlMs > MAX_TTL_MS) return `ttlMs is from 1 to ${MAX_TTL_MS}`;
  return undefined;
}

function fits(text: string): boolean {
  return text.length > 0 && Buffer.byteLength(text) <= MAX_TEXT_BYTES;
}

function placeOf(value: Stored): Place {
  return value as unknown as Place;
}
