/** A name server at work: clients register and look up, some ask for what is not there, and leases run out. */
import { type Connection, ExchangeError } from '../harness/scenario/client.ts';
import { defineScenario } from '../harness/scenario/scenario.ts';
import { encodeRequest } from '../servers/wire/body.ts';
import { ERROR_CODES } from '../servers/wire/methods.ts';
import { replyIn } from './common/reply.ts';

const CALL_ID = 1;

/** An expired name is asked for so long after its time to live, in ms: timers have a grain. */
const AFTER_TTL_MS = 20;

export default defineScenario({
  id: 'names',
  title: 'A name server',
  question:
    'What does it cost to answer from state that all workers share? Every client registers a name of its own for a ' +
    'time to live and then looks names up, a set part of them names that nobody registered, which must come back as ' +
    'the error not-found. One process answers from its own memory; in a pool every look-up also goes from the worker ' +
    'to the main process and back, and that message is what is seen. Look at CPU per exchange and latency. Wrong ' +
    'answers and stale names (served after their time to live) must be 0.',
  service: 'names',
  parameters: {
    lookups: {
      kind: 'integer',
      default: 20,
      min: 1,
      max: 1_000_000,
      description: 'Look-ups of each client.',
    },
    unknown: {
      kind: 'integer',
      default: 5,
      min: 0,
      max: 100,
      description: 'Percent of the look-ups that ask for a name that nobody registered.',
    },
    ttl: {
      kind: 'duration',
      default: 10_000,
      min: 1,
      max: 86_400_000,
      description: 'Time to live of a registration.',
    },
    expire: {
      kind: 'boolean',
      default: false,
      description: 'Wait until the own name has expired, and look it up once more: it must be gone.',
    },
  },
  metrics: [
    {
      id: 'not-found',
      title: 'names not found',
      unit: 'count',
      direction: 'neutral',
      description: 'Look-ups that the server answered with not-found, as it had to.',
      source: { from: 'counter', name: 'notFound' },
    },
    {
      id: 'wrong-names',
      title: 'wrong answers',
      unit: 'count',
      direction: 'lower',
      description:
        'Look-ups that found another place than was registered, missed a name that was, or found one that was not.',
      source: { from: 'counter', name: 'wrong' },
    },
    {
      id: 'stale-names',
      title: 'stale names',
      unit: 'count',
      direction: 'lower',
      description: 'Names that were still served after their time to live.',
      source: { from: 'counter', name: 'stale' },
    },
  ],
  headline: 'latency-p50',
  idealMs: ({ ttl, expire }) => (expire ? ttl + AFTER_TTL_MS : 0),
  deadlineMs: ({ lookups, ttl, expire }, clients) =>
    15_000 + (expire ? clients * (ttl + AFTER_TTL_MS) : 0) + clients * lookups * 10,
  async client(client, { lookups, unknown, ttl, expire }) {
    for (const counter of ['notFound', 'wrong', 'stale']) client.count(counter, 0);
    const name = `client-${client.index}`;
    const place = { host: '127.0.0.1', port: 1 + (client.index % 65_535) };
    const ttlMs = Math.ceil(ttl);
    const connection = await client.connect();
    const lookedUpMs = client.elapsedMs();
    await connection.exchange(encodeRequest('names.register', CALL_ID, { name, ...place, ttlMs }));
    for (let i = 0; i < lookups; i += 1) {
      const known = client.random() * 100 >= unknown;
      const found = await lookUp(connection, known ? name : `${name}-unknown`);
      const alive = client.elapsedMs() - lookedUpMs < ttlMs;
      if (!found) client.count('notFound');
      if (known ? alive && found?.port !== place.port : found) client.count('wrong');
    }
    if (expire) {
      await client.sleep(ttlMs + AFTER_TTL_MS);
      if (await lookUp(connection, name)) client.count('stale');
    }
    await connection.close();
  },
});

/** Where a name is, or undefined where the server says that it does not know. */
async function lookUp(connection: Connection, name: string): Promise<{ readonly port: number } | undefined> {
  try {
    const reply = await connection.exchange(encodeRequest('names.lookup', CALL_ID, { name }));
    return replyIn('names.lookup', reply);
  } catch (error) {
    if (error instanceof ExchangeError && error.code === ERROR_CODES['not-found']) return undefined;
    throw error;
  }
}
