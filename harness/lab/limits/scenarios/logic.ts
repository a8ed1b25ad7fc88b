/** For the limits: an exchange loop with think time that makes every request anew and looks at every reply. */
import { defineScenario } from '../../../scenario/scenario.ts';
import { encodeRequest } from '../../../../servers/wire/body.ts';
import { BODY_OFFSET } from '../../../../servers/wire/frame.ts';

export default defineScenario({
  id: 'limits-logic',
  title: 'Exchanges with think time and logic',
  question: 'What does an exchange cost the generator when a scenario thinks and checks?',
  service: 'echo',
  parameters: {
    duration: { kind: 'duration', default: 1000, min: 1, max: 60_000, description: 'How long.' },
    think: { kind: 'duration', default: 1, min: 1, max: 60_000, description: 'Pause between exchanges.' },
    size: { kind: 'integer', default: 64, min: 4, max: 65_536, description: 'Bytes of a message.' },
  },
  metrics: [],
  headline: 'throughput',
  idealMs: ({ duration }) => duration,
  deadlineMs: ({ duration }) => duration + 15_000,
  async client(client, { duration, think, size }) {
    const connection = await client.connect();
    const payload = new Uint8Array(size);
    await connection.exchanges({
      request: (i) => {
        payload[0] = i;
        return encodeRequest('echo', i + 1, { payload });
      },
      onReply: (reply, i) => reply[BODY_OFFSET + 4] === (i & 255),
      thinkMs: think,
      untilMs: duration,
    });
    await connection.close();
  },
});
