/** For the limits: every connection is proven by an exchange and then held, idle, until the time is over. */
import { defineScenario } from '../../../scenario/scenario.ts';
import { encodeRequest } from '../../../../servers/wire/body.ts';

export default defineScenario({
  id: 'limits-held',
  title: 'Held connections',
  question: 'What does holding a connection cost the generator?',
  service: 'echo',
  parameters: {
    duration: { kind: 'duration', default: 1000, min: 1, max: 60_000, description: 'How long.' },
    size: { kind: 'integer', default: 64, min: 0, max: 65_536, description: 'Bytes of the message.' },
  },
  metrics: [],
  headline: 'elapsed',
  holds: true,
  idealMs: ({ duration }) => duration,
  deadlineMs: ({ duration }) => duration + 30_000,
  async client(client, { duration, size }) {
    const connection = await client.connect();
    await connection.exchange(encodeRequest('echo', 1, { payload: new Uint8Array(size) }));
    await client.sleep(Math.max(1, duration - client.elapsedMs()));
    await connection.close();
  },
});
