/** For the relations of the models: a connection for every message, one after another, so many times. */
import { defineScenario } from '../../scenario/scenario.ts';
import { encodeRequest } from '../../../servers/wire/body.ts';

export default defineScenario({
  id: 'table-connections',
  title: 'A connection for every message',
  question: 'What does a connection cost the server: connect, one message there and back, close?',
  service: 'echo',
  parameters: {
    loops: {
      kind: 'integer',
      default: 1250,
      min: 1,
      max: 1_000_000,
      description: 'Connections of a client.',
    },
    size: { kind: 'integer', default: 64, min: 0, max: 65_536, description: 'Bytes of the message.' },
  },
  metrics: [],
  headline: 'cpu-per-connection',
  idealMs: () => 0,
  deadlineMs: () => 120_000,
  async client(client, { loops, size }) {
    const request = encodeRequest('echo', 1, { payload: new Uint8Array(size) });
    for (let i = 0; i < loops; i += 1) {
      const connection = await client.connect();
      await connection.exchange(request);
      await connection.close();
    }
  },
});
