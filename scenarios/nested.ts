/** Servers that call servers: what each hop costs, and what happens when the last one calls back into the first. */
import type { Client, Connection } from '../harness/scenario/client.ts';
import { defineScenario } from '../harness/scenario/scenario.ts';
import type { ReplyOf, RequestOf } from '../servers/wire/methods.ts';
import { call, unless } from './common/calls.ts';
import { counterOf, percentilesOf } from './common/metrics.ts';
import { duration, flag, integer, messageBytes, times } from './common/parameters.ts';
import { payloadOf } from './common/payload.ts';

export default defineScenario({
  id: 'nested',
  title: 'Servers that call servers',
  question:
    'What does a hop from server to server cost, and what happens when the last server calls the first again?',
  service: 'nested',
  parameters: {
    depth: integer(3, [1, 8], 'Servers in the chain.'),
    recursive: flag('The last server calls the first again, so that the chain has one hop more.'),
    calls: times(20, 'Pairs of calls of each client.'),
    deadline: duration(
      1000,
      [2, 50_000],
      'Time that the whole chain may take; a client whose call takes longer makes no more calls.',
    ),
    size: messageBytes(64, 'Bytes that travel down and up.'),
  },
  serviceSettings: ({ depth }) => ({ depth: String(depth) }),
  metrics: [
    ...percentilesOf('hop', {
      title: 'hop cost',
      unit: 'us',
      description:
        'Time of a call through the chain, less that of the call before it, which the first server answered itself, ' +
        'divided by the hops; over all pairs of calls',
    }),
    counterOf('blocked', {
      id: 'blocked-clients',
      title: 'blocked clients',
      unit: 'ratio',
      description:
        'Clients whose call ended with the error deadline, because no server was free to answer it.',
      source: { from: 'counter', name: 'blocked', per: 'client' },
    }),
  ],
  headline: 'hop-p50',
  idealMs: () => 0,
  deadlineMs: ({ calls, deadline }, clients) => 20_000 + clients * (2 * deadline + calls * 20),
  async client(client, { depth, recursive, calls, deadline, size }) {
    client.count('blocked', 0);
    const hops = recursive ? depth : depth - 1;
    const request = { deadlineMs: Math.ceil(deadline), payload: payloadOf(client, size) };
    const connection = await client.connect();
    for (let i = 0; i < calls; i += 1) {
      const directMs = await timeOf(client, connection, { ...request, hops: 0 });
      const chainedMs = await timeOf(client, connection, { ...request, hops });
      if (chainedMs === undefined || directMs === undefined) {
        client.count('blocked');
        break;
      }
      if (hops > 0) client.record('hop', Math.max(0, ((chainedMs - directMs) * 1000) / hops));
    }
    await connection.close();
  },
});

/**
 * How long a call took, in ms; undefined when the server's answer was the error `deadline`. One that did not pass
 * through a server more than it has hops, or came back with other bytes, is a mismatch.
 */
async function timeOf(
  client: Client,
  connection: Connection,
  request: RequestOf<'nested.call'>,
): Promise<number | undefined> {
  const startMs = client.elapsedMs();
  const isRight = ({ path, payload }: ReplyOf<'nested.call'>): boolean =>
    path.length === request.hops + 1 && Buffer.compare(payload, request.payload) === 0;
  const answer = await unless('deadline', call(connection, 'nested.call', request, {}, isRight));
  return answer && client.elapsedMs() - startMs;
}
