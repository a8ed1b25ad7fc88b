/** A service that works before it answers, sends files, and is then held on to: the top processes of a machine. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Connection, ExchangeError } from '../harness/scenario/client.ts';
import { defineScenario } from '../harness/scenario/scenario.ts';
import { fileFrom, framesOf } from '../servers/wire/chunks.ts';
import { parseProcessList, topProcess } from '../servers/wire/process-list.ts';
import { replyOf, requestOf } from './common/calls.ts';
import { statisticOf } from './common/metrics.ts';
import { duration, HOUR_MS, integer, waitingPeriod } from './common/parameters.ts';

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
        'From asking for the list until the server has made it, waiting for a worker included; the median over clients.',
    }),
    statisticOf('list', 'max', {
      title: 'time to list, longest',
      unit: 'ms',
      description: 'From asking for the list until the server has made it; the longest of any client.',
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
    const startMs = client.elapsedMs();
    const connection = await client.connect({ patienceMs: patience });
    const leftMs = Math.max(1, patience - (client.elapsedMs() - startMs));
    const askedMs = client.elapsedMs();
    const reply = await connection.exchange(requestOf('topn.list', { count: BigInt(count) }), {
      patienceMs: leftMs,
    });
    client.record('list', (client.elapsedMs() - askedMs) * 1000);
    const { file } = replyOf('topn.list', reply);

    const fetchedMs = client.elapsedMs();
    const list = await fetchFile(connection, file);
    client.record('fetch', (client.elapsedMs() - fetchedMs) * 1000);
    client.count('file-bytes', list.length);
    // A name of our own: the server's is only good for asking the server.
    await writeFile(join(client.folder, `top-${client.index}.tsv`), list);

    await connection.exchange(requestOf('topn.report', topOf(list)));
    await client.sleep(hold < 1 ? 0 : hold);
    await connection.close();
  },
});

async function fetchFile(connection: Connection, file: string): Promise<Buffer> {
  const answer = await connection.exchange(requestOf('topn.fetch', { file }));
  const list = fileFrom(framesOf(answer));
  if (!list) throw new ExchangeError('mismatch', 'the file is not what its checksum says');
  return list;
}

/** The top process of a list, as it is reported. */
function topOf(list: Buffer): { name: string; pid: number; userTicks: bigint; systemTicks: bigint } {
  const top = topProcess(parseProcessList(list.toString()) ?? []);
  if (!top) throw new ExchangeError('mismatch', 'the file is no list of processes');
  const { name, pid, userTicks, systemTicks } = top;
  return { name, pid, userTicks: BigInt(userTicks), systemTicks: BigInt(systemTicks) };
}
