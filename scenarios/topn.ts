/** A service that works before it answers, sends files, and is then held on to: the top processes of a machine. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '../harness/scenario/client.ts';
import { defineScenario } from '../harness/scenario/scenario.ts';
import { fileFrom, framesOf } from '../servers/wire/chunks.ts';
import { parseProcessList, topProcess } from '../servers/wire/process-list.ts';
import type { ReplyOf, RequestOf } from '../servers/wire/methods.ts';
import { call, exchangeFor, requestOf } from './common/calls.ts';
import { statisticOf } from './common/metrics.ts';
import { duration, HOUR_MS, integer, waitingPeriod } from './common/parameters.ts';
import { leftOf, waiting } from './common/waiting.ts';

export default defineScenario({
  id: 'topn',
  title: 'The processes that used most CPU, as a file, over a connection that is held',
  question:
    'What does a request with real work cost, how fast is its answer sent as a file, and how long do other clients wait meanwhile?',
  service: 'topn',
  parameters: {
    count: integer(10, [1, 10_000], 'Processes that a client asks for.'),
    hold: duration(
      50,
      [0, HOUR_MS],
      'How long a client keeps its connection open after it has reported: 50ms, 30s.',
    ),
    patience: waitingPeriod(3000, 'whose list is not made'),
  },
  serverOptions: ({ patience }) => ({ patienceMs: Math.ceil(patience) }),
  metrics: [
    statisticOf('list', 'p50', {
      title: 'time to list p50',
      unit: 'ms',
      description:
        'From the attempt to connect until the server has made the list, over all clients: one whose list was not made has waited for its patience at least; the median.',
    }),
    statisticOf('list', 'max', {
      title: 'time to list, longest',
      unit: 'ms',
      description: 'The same; the longest.',
    }),
    statisticOf('fetch', 'p50', {
      title: 'time to fetch p50',
      unit: 'ms',
      description:
        'From asking for the file until all of it is there and its checksum is right; the median over clients.',
    }),
    {
      id: 'file-bytes',
      title: 'file bytes',
      unit: 'bytes',
      direction: 'neutral',
      description: 'Bytes of the files that clients stored, a client.',
      source: { from: 'counter', name: 'file-bytes', per: 'client' },
    },
  ],
  headline: 'elapsed',
  patienceBy: 'patience',
  idealMs: ({ hold }) => hold,
  deadlineMs: ({ hold, patience }, clients) => 10_000 + patience + clients * (hold + 100),
  async client(client, { count, hold, patience }) {
    const fromMs = client.elapsedMs();
    const { connection, made } = await waiting(client, 'list', { fromMs, patienceMs: patience }, async () => {
      const asking = await client.connect({ patienceMs: patience });
      const options = { patienceMs: leftOf(client, patience, fromMs), latency: false };
      return { connection: asking, made: await call(asking, 'topn.list', { count: BigInt(count) }, options) };
    });

    const fetchedMs = client.elapsedMs();
    const { list, top } = await fetchList(connection, made);
    client.record('fetch', (client.elapsedMs() - fetchedMs) * 1000);
    client.count('file-bytes', list.length);
    // A name of our own: the server's is only good for asking the server.
    await writeFile(join(client.folder, `top-${client.index}.tsv`), list);

    await call(connection, 'topn.report', top);
    await client.sleep(hold < 1 ? 0 : hold);
    await connection.close();
  },
});

interface FetchedList {
  readonly list: Buffer;
  /** Its top process, as it is reported. */
  readonly top: RequestOf<'topn.report'>;
}

/** Fetches a file, which has to be as long as it was said to be, what its checksum says, and a list of processes. */
async function fetchList(
  connection: Connection,
  { file, bytes }: ReplyOf<'topn.list'>,
): Promise<FetchedList> {
  return await exchangeFor(connection, requestOf('topn.fetch', { file }), (answer) => {
    const list = fileFrom(framesOf(answer));
    const top = list?.length === bytes && topProcess(parseProcessList(list.toString()) ?? []);
    if (!list || !top) return undefined;
    const { name, pid, userTicks, systemTicks } = top;
    return { list, top: { name, pid, userTicks: BigInt(userTicks), systemTicks: BigInt(systemTicks) } };
  });
}
