/** What a worker runs, thread or process: it gets connections from its source and serves them. */
import type { Server, Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../errors.ts';
import type { OpenBus } from './bus/link.ts';
import { soloBus } from './bus/solo.ts';
import { loadModule } from '../load-module.ts';
import type { Service } from '../services/service.ts';
import { loadService } from './load-service.ts';
import type { OwnAcceptor } from './own-acceptor.ts';
import { remoteStore } from './remote-store.ts';
import { seats } from './seats.ts';
import type { FromWorker, ToWorker, WorkerSpec } from './worker-protocol.ts';

const spec = (parentPort ? workerData : JSON.parse(process.argv[2] ?? '')) as WorkerSpec;

const post = (message: FromWorker, sent?: () => void): void => {
  if (parentPort) {
    parentPort.postMessage(message);
    sent?.();
  } else {
    // A parent that is gone hears nothing any more: `disconnect` ends this process, an error here would only be noise.
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
  // A terminal's Ctrl-C reaches every process of the group: the parent decides when its workers stop.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  // The parent is gone, and nobody would ever stop this process.
  process.on('disconnect', () => process.exit(0));
}

/** The bus is loaded where one is needed: what a worker loads is most of what its start costs. */
function openBus(): OpenBus {
  if (!spec.bus) return { bus: soloBus(), close: () => undefined };
  const link = loadModule(new URL('bus/link.ts', import.meta.url)) as typeof import('./bus/link.ts');
  return link.openBus(spec.bus);
}

const ready = (): void => post({ type: 'ready' });

/** Accepting is loaded where a worker does it for itself. */
function openAcceptor(service: Service, farewell: Uint8Array | undefined): Promise<OwnAcceptor> {
  const url = new URL('own-acceptor.ts', import.meta.url);
  const { ownAcceptor } = loadModule(url) as typeof import('./own-acceptor.ts');
  return ownAcceptor(spec, service, farewell, ready);
}

async function main(): Promise<void> {
  const { id, source, idleMs } = spec;
  const loaded = loadService(spec.service);
  const open = openBus();
  const remote = remoteStore((call, operation) => post({ type: 'ask', call, operation }));
  const service = loaded.create({
    worker: id,
    store: remote.store,
    memory: spec.memory,
    expendable: true,
    bus: open.bus,
    folder: spec.service.folder,
  });
  const seated = seats(service, idleMs, (connection, outcome) =>
    post({ type: 'ended', connection, outcome }),
  );
  const acceptor = source.from === 'parent' ? undefined : openAcceptor(service, loaded.farewell('limit'));

  onMessage((message, handle) => {
    switch (message.type) {
      case 'serve':
        seated.serve(message.connection, handle as Socket | undefined, message.waitedMs);
        break;
      case 'listen':
        void acceptor?.then((own) => own.begin(handle as Server));
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
    await ((await acceptor) ?? seated).stop(drainMs);
    post({ type: 'stopped', counters: service.counters }, () => {
      open.close();
      if (parentPort) parentPort.close();
      else if (process.connected) process.disconnect();
    });
  }

  if (!acceptor) ready();
  await acceptor;
}

main().catch((error: unknown) => {
  post({ type: 'failed', message: messageOf(error) });
  process.exit(1);
});
