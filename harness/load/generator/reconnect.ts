/** For measuring the generator itself: connect, one exchange, close, over and over. */
import { encodeRequest } from '../../../servers/wire/body.ts';
import { defineScenario } from '../../scenario/scenario.ts';

export default defineScenario({
  id: 'reconnect',
  title: 'A connection for every exchange',
  question: 'What does a connection cost the generator, and how many can it make a second?',
  service: 'echo',
  parameters: {
    duration: { kind: 'duration', default: 1000, min: 1, max: 60_000, description: 'How long.' },
    size: { kind: 'integer', default: 64, min: 0, max: 65_536, description: 'Bytes of a message.' },
    raw: { kind: 'boolean', default: false, description: 'Bytes without frames.' },
  },
  metrics: [],
  headline: 'throughput',
  idealMs: ({ duration }) => duration,
  measuredUntilMs: ({ duration }) => duration,
  deadlineMs: ({ duration }) => duration + 15_000,
  async client(client, { duration, size, raw }) {
    const payload = new Uint8Array(size);
    const request = raw ? payload : encodeRequest('echo', 1, { payload });
    while (client.elapsedMs() < duration) {
      const connection = await client.connect(raw ? { framing: 'raw' } : {});
      await connection.exchange(request);
      await connection.close();
    }
  },
});
