/**
 * What a worker runs, thread or process: it gets connections from its source and serves them. It is not run as it lies
 * here, but in one file with the service (program.ts).
 */
import type { Server, Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import { openBus } from '../bus/link.ts';
import { soloBus } from '../bus/solo.ts';
import type { ServiceModule } from '../../services/api/service.ts';
import { withParameters } from './load-service.ts';
import { ownAcceptor } from './own-acceptor.ts';
import { remoteStore } from '../store/remote-store.ts';
import { seats } from '../connection/servings.ts';
import type { FromWorker, ToWorker, WorkerSpec } from './protocol.ts';

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

async function main(module: ServiceModule): Promise<void> {
  const { id, source, idleMs } = spec;
  const loaded = withParameters(module, spec.service.parameters);
  const open = spec.bus ? openBus(spec.bus) : { bus: soloBus(), close: () => undefined };
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
  const ready = (): void => post({ type: 'ready' });
  const acceptor =
    source.from === 'parent' ? undefined : ownAcceptor(spec, service, loaded.farewell('limit'), ready);

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

/** Runs the worker that this thread or process is, with its service. */
export function runWorker(module: ServiceModule): void {
  main(module).catch((error: unknown) => {
    post({ type: 'failed', message: messageOf(error) });
    process.exit(1);
  });
}
