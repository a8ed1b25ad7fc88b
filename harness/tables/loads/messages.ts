/** For the relations of the models: so many messages, one after another, over one held connection of each client. */
import { defineScenario } from '../../scenario/scenario.ts';
import { encodeRequest } from '../../../servers/wire/body.ts';

export default defineScenario({
  id: 'table-messages',
  title: 'Messages over held connections',
  question: 'What does a message cost the server, there and back?',
  service: 'echo',
  parameters: {
    messages: { kind: 'integer', default: 7500, min: 1, max: 1e9, description: 'Messages of a client.' },
    size: { kind: 'integer', default: 64, min: 0, max: 65_536, description: 'Bytes of a message.' },
  },
  metrics: [],
  headline: 'cpu-per-exchange',
  idealMs: () => 0,
  deadlineMs: () => 120_000,
  async client(client, { messages, size }) {
    const connection = await client.connect();
    await connection.exchanges({
      request: encodeRequest('echo', 1, { payload: new Uint8Array(size) }),
      count: messages,
    });
    await connection.close();
  },
});
