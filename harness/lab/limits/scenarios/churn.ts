/** For the limits: connect, one exchange, close, over and over. */
import { defineScenario } from '../../../scenario/scenario.ts';
import { encodeRequest } from '../../../../servers/wire/body.ts';

export default defineScenario({
  id: 'limits-churn',
  title: 'A connection for every exchange',
  question: 'What does a connection cost the generator?',
  service: 'echo',
  parameters: {
    duration: { kind: 'duration', default: 1000, min: 1, max: 60_000, description: 'How long.' },
    size: { kind: 'integer', default: 64, min: 0, max: 65_536, description: 'Bytes of a message.' },
  },
  metrics: [],
  headline: 'throughput',
  idealMs: ({ duration }) => duration,
  deadlineMs: ({ duration }) => duration + 15_000,
  async client(client, { duration, size }) {
    const request = encodeRequest('echo', 1, { payload: new Uint8Array(size) });
    while (client.elapsedMs() < duration) {
      const connection = await client.connect();
      await connection.exchange(request);
      await connection.close();
    }
  },
});
