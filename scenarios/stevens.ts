/** The client of W. R. Stevens' comparison: connections one after another, a number of bytes asked for on each. */
import { defineScenario } from '../harness/scenario/scenario.ts';
import { integer, times } from './common/parameters.ts';

/** A floor for connect, one exchange and close over loopback: three round trips through the kernel. */
const LOOPBACK_MS = 0.05;

/** Share of the connections that ask for one byte fewer: a server that does not read what is asked gets it wrong. */
const ONE_FEWER_SHARE = 1 / 16;

export default defineScenario({
  id: 'stevens',
  title: "Stevens' client",
  question: 'What does it cost a server to get each connection to somebody who serves it?',
  service: 'stevens',
  parameters: {
    loops: times(500, 'Connections that each client makes, one after another.'),
    bytes: integer(4000, [1, 1_048_576], 'Bytes requested and read on each connection.'),
  },
  metrics: [],
  headline: 'cpu-per-connection',
  idealMs: ({ loops }) => loops * LOOPBACK_MS,
  // A server that starts a runtime for each connection takes some 30 ms of CPU for it.
  deadlineMs: ({ loops }, clients) => 10_000 + loops * clients * 60,
  async client(client, { loops, bytes }) {
    const usual = Buffer.from(`${bytes}\n`, 'latin1');
    const fewer = Buffer.from(`${bytes - 1}\n`, 'latin1');
    for (let i = 0; i < loops; i += 1) {
      const asksFewer = bytes > 1 && client.random() < ONE_FEWER_SHARE;
      const connection = await client.connect({ framing: 'raw' });
      await connection.exchange(asksFewer ? fewer : usual, { replyBytes: asksFewer ? bytes - 1 : bytes });
      await connection.close();
    }
  },
});
