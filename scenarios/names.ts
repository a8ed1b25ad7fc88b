/** A name server at work: clients register and look up, some ask for what is not there, and leases run out. */
import { defineScenario } from '../harness/scenario/scenario.ts';
import { accepting, call, unless } from './common/calls.ts';
import { counterOf } from './common/metrics.ts';
import { duration, flag, integer, times } from './common/parameters.ts';

/** An expired name is asked for so long after its time to live, in ms: timers have a grain. */
const AFTER_TTL_MS = 20;

export default defineScenario({
  id: 'names',
  title: 'A name server',
  question: 'What does it cost to answer from state that all workers of a server share?',
  service: 'names',
  parameters: {
    lookups: times(20, 'Look-ups of each client.'),
    unknown: integer(5, [0, 100], 'Percentage of look-ups that ask for a name that nobody registered.'),
    ttl: duration(10_000, [1, 86_400_000], 'Time to live of a registration.'),
    expire: flag("Wait until the client's own name has expired, and look it up again: it must be gone."),
  },
  metrics: [
    counterOf('notFound', {
      id: 'not-found',
      title: 'names not found',
      direction: 'neutral',
      description: 'Look-ups that the server rightly answered with not-found.',
    }),
    counterOf('wrong', {
      id: 'wrong-names',
      title: 'wrong answers',
      description:
        'Look-ups that found another place than was registered, missed a name that was, or found one that was not.',
    }),
    counterOf('stale', {
      id: 'stale-names',
      title: 'stale names',
      description: 'Names that were still served after their time to live.',
    }),
  ],
  headline: 'latency-p50',
  faults: ['wrong', 'stale'],
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
    await call(connection, 'names.register', { name, ...place, ttlMs });
    const lookUp = (wanted: string, isThere: boolean) => {
      const options = isThere ? {} : accepting('not-found');
      return unless('not-found', call(connection, 'names.lookup', { name: wanted }, options));
    };
    for (let i = 0; i < lookups; i += 1) {
      const known = client.random() * 100 >= unknown;
      const isThere = known && client.elapsedMs() - lookedUpMs < ttlMs;
      const found = await lookUp(known ? name : `${name}-unknown`, isThere);
      const alive = client.elapsedMs() - lookedUpMs < ttlMs;
      if (!found) client.count('notFound');
      if (known ? alive && found?.port !== place.port : found) client.count('wrong');
    }
    if (expire) {
      await client.sleep(ttlMs + AFTER_TTL_MS);
      if (await lookUp(name, false)) client.count('stale');
    }
    await connection.close();
  },
});
