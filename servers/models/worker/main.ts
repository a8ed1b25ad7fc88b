/**
 * The main loop of a worker, thread or process: it accepts connections or is sent them, and serves them. It runs
 * bundled with the service (program.ts).
 */
import { writeSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import type { ServiceModule } from '../../services/api/service.ts';
import { storeOver } from '../../services/api/store.ts';
import type { Store, StoreAnswer } from '../../services/api/store.ts';
import { openBus } from '../bus/link.ts';
import { soloBus } from '../../services/api/bus.ts';
import { accept } from '../connection/acceptor.ts';
import type { Acceptor } from '../connection/acceptor.ts';
import { listen, SOCKET_OPTIONS } from '../connection/sockets.ts';
import { Servings } from '../connection/servings.ts';
import { FIGURES, tallyRow } from '../pool/tally.ts';
import type { TallyRow } from '../pool/tally.ts';
import type { FromWorker, RowPlace, ToWorker, WorkerSpec } from './protocol.ts';

const spec = (parentPort ? workerData : JSON.parse(process.argv[2] ?? '')) as WorkerSpec;

const post = (message: FromWorker, sent?: () => void): void => {
  if (parentPort) {
    parentPort.postMessage(message);
    sent?.();
  } else {
    // If the parent has ended, `disconnect` ends this process: ignore the error here.
    process.send?.(message, undefined, {}, () => sent?.());
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
  // Ctrl-C reaches every process of the terminal's group, but the parent stops the workers.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  // The parent has ended: nobody else would stop this process.
  process.on('disconnect', () => process.exit(0));
}

/** Unanswered requests to the main process's store, by number. */
const asked = new Map<number, (value: StoreAnswer) => void>();
let lastCall = 0;

function remoteStore(): Store {
  return storeOver((step) => {
    const { promise, resolve } = Promise.withResolvers<StoreAnswer>();
    lastCall += 1;
    asked.set(lastCall, resolve);
    post({ type: 'ask', call: lastCall, step });
    return promise;
  });
}

function tallyRowIn(place: RowPlace): TallyRow {
  if (place.in === 'memory') return tallyRow(place.counts);
  const counts = new Uint32Array(FIGURES.length);
  return tallyRow(counts, () => void writeSync(place.fd, counts, 0, counts.byteLength, place.offset));
}

async function main(module: ServiceModule): Promise<void> {
  const { id, idleMs, ownAccept, memory } = spec;
  const { parameters, folder } = spec.service;
  const open = spec.bus ? openBus(spec.bus) : { bus: soloBus(), close: () => undefined };
  const service = module.create(parameters, {
    worker: id,
    store: remoteStore(),
    memory,
    expendable: true,
    bus: open.bus,
    folder,
  });
  const sent = new Servings(service, idleMs, (outcome, connection) =>
    post({ type: 'ended', connection, outcome }),
  );
  const acceptor = Promise.withResolvers<Acceptor>();
  const begin = (server: Server): void => {
    if (!ownAccept) return;
    const { slots, maxConnections, row } = ownAccept;
    const farewell = module.turnAway?.(parameters, 'limit');
    acceptor.resolve(
      accept(server, { service, farewell, slots, maxConnections, idleMs, row: tallyRowIn(row) }),
    );
    post({ type: 'ready' });
  };

  onMessage((message, handle) => {
    switch (message.type) {
      case 'serve':
        // Undefined if it was closed in transit.
        if (handle) void sent.serve(handle as Socket, message.waitedMs, message.connection);
        else post({ type: 'ended', connection: message.connection, outcome: 'reset' });
        break;
      case 'listen':
        begin(handle as Server);
        break;
      case 'answer':
        asked.get(message.call)?.(message.value);
        asked.delete(message.call);
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
    await (ownAccept ? await acceptor.promise : sent).stop(drainMs);
    post({ type: 'stopped', counters: service.counters }, () => {
      open.close();
      if (parentPort) parentPort.close();
      else if (process.connected) process.disconnect();
    });
  }

  if (!ownAccept) post({ type: 'ready' });
  else if (ownAccept.listenOn) begin(await listen(SOCKET_OPTIONS, ownAccept.listenOn));
}

/** Runs this thread or process as a worker of the service. */
export function runWorker(module: ServiceModule): void {
  main(module).catch((error: unknown) => {
    post({ type: 'failed', message: messageOf(error) });
    process.exit(1);
  });
}
