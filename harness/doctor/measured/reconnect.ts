/** For the ceiling of connections: connect, one exchange of plain bytes, close, over and over. */
import { defineScenario } from '../../scenario/scenario.ts';

export default defineScenario({
  id: 'doctor-reconnect',
  title: 'A connection for every exchange',
  question: 'How many connections a second can the generator make?',
  service: 'echo',
  parameters: {
    duration: { kind: 'duration', default: 600, min: 1, max: 60_000, description: 'How long.' },
    size: { kind: 'integer', default: 64, min: 1, max: 65_536, description: 'Bytes of a message.' },
  },
  metrics: [],
  headline: 'throughput',
  idealMs: ({ duration }) => duration,
  measuredUntilMs: ({ duration }) => duration,
  deadlineMs: ({ duration }) => duration + 15_000,
  async client(client, { duration, size }) {
    const request = new Uint8Array(size);
    while (client.elapsedMs() < duration) {
      const connection = await client.connect({ framing: 'raw' });
      await connection.exchange(request);
      await connection.close();
    }
  },
});
