/** What a worker runs, thread or process: it gets connections from its source and serves them. */
import { writeSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../errors.ts';
import { accept, SOCKET_OPTIONS } from './acceptor.ts';
import { openBus } from './bus/link.ts';
import type { Acceptor } from './acceptor.ts';
import { listen } from './listen.ts';
import { loadService } from './load-service.ts';
import { remoteStore } from './remote-store.ts';
import { seats } from './seats.ts';
import { FIGURES, tallyRow } from './tally.ts';
import type { TallyRow } from './tally.ts';
import type { Books, FromWorker, ToWorker, WorkerSpec } from './worker-protocol.ts';

const spec = (parentPort ? workerData : JSON.parse(process.argv[2] ?? '')) as WorkerSpec;

const post = (message: FromWorker, sent?: () => void): void => {
  if (parentPort) {
    parentPort.postMessage(message);
    sent?.();
  } else {
    process.send?.(message, undefined, {}, sent);
  }
};

function onMessage(handle: (message: ToWorker, transferred?: Server | Socket) => void): void {
  if (parentPort) {
    parentPort.on('message', (message: ToWorker & { readonly handle?: Server | Socket }) => {
      handle(message, message.handle);
    });
    return;
  }
  process.on('message', (message, transferred) =>
    handle(message as ToWorker, transferred as Server | Socket),
  );
  // A terminal's Ctrl-C reaches every process of the group: the parent decides when its workers stop.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  // The parent is gone, and nobody would ever stop this process.
  process.on('disconnect', () => process.exit(0));
}

async function main(): Promise<void> {
  const { id, source, slots, maxConnections, idleMs } = spec;
  const loaded = await loadService(spec.service);
  const open = openBus(spec.bus);
  const remote = remoteStore((call, operation) => post({ type: 'ask', call, operation }));
  const service = loaded.create({
    worker: id,
    store: remote.store,
    memory: spec.memory,
    expendable: true,
    bus: open.bus,
    folder: spec.service.folder,
  });
  const options = { service, farewell: loaded.farewell('limit'), slots, maxConnections, idleMs };
  const acceptor = Promise.withResolvers<Acceptor>();
  const seated = seats(service, idleMs, (connection, outcome) =>
    post({ type: 'ended', connection, outcome }),
  );
  const begin = (server: Server): void => {
    acceptor.resolve(accept(server, { ...options, row: rowIn(spec.books) }));
    post({ type: 'ready' });
  };

  onMessage((message, handle) => {
    switch (message.type) {
      case 'serve':
        seated.serve(message.connection, handle as Socket | undefined, message.waitedMs);
        break;
      case 'listen':
        begin(handle as Server);
        break;
      case 'answer':
        remote.answered(message.call, message.value);
        break;
      case 'stop':
        void stop(message.drainMs);
        break;
    }
  });

  let stopping = false;
  async function stop(drainMs: number): Promise<void> {
    if (stopping) return;
    stopping = true;
    if (source.from === 'parent') await seated.stop(drainMs);
    else await (await acceptor.promise).stop(drainMs);
    post({ type: 'stopped', counters: service.counters }, () => {
      open.close();
      if (parentPort) parentPort.close();
      else if (process.connected) process.disconnect();
    });
  }

  if (source.from === 'parent') post({ type: 'ready' });
  if (source.from === 'descriptor' || source.from === 'address') {
    const { from: _, ...where } = source;
    begin(await listen(SOCKET_OPTIONS, where));
  }
}

function rowIn(books: Books | undefined): TallyRow {
  if (!books) return tallyRow();
  if (books.in === 'memory') return tallyRow(books.counts);
  const counts = new Uint32Array(FIGURES.length);
  return tallyRow(counts, () => void writeSync(books.fd, counts, 0, counts.byteLength, books.offset));
}

main().catch((error: unknown) => {
  post({ type: 'failed', message: messageOf(error) });
  process.exit(1);
});
