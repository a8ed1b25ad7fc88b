/** The workers of one server as seen by its main process: threads or processes, and what they share. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { Outcome } from '../../services/api/connection.ts';
import { BusHub } from '../bus/hub.ts';
import { attachPort, attachSocket } from '../bus/link.ts';
import type { BusEnd } from '../bus/link.ts';
import { transferable } from '../connection/sockets.ts';
import type { ServerConfig } from '../model.ts';
import type { FromWorker, OwnAccept, ToWorker, WorkerSpec } from './protocol.ts';
import { sharedMemory, storeKeeper } from './store-keeper.ts';

/** Extra time after the drain deadline before workers are killed, in ms. */
const STOP_GRACE_MS = 500;

export interface WorkerHandle {
  readonly pid: number;
  /** Sends a message; ownership of the handle passes to the worker. */
  send(message: ToWorker, handle?: Server | Socket): void;
  /** Kills the worker. */
  kill(): void;
}

export interface WorkerEvents {
  ready(): void;
  /** A connection sent to it has ended. */
  ended?(connection: number, outcome: Outcome): void;
  /** The worker has ended; called once. `failure` is why it could not start, if it said so. */
  gone(failure: string | undefined): void;
}

type StartOne = (
  spec: WorkerSpec,
  hub: BusHub | undefined,
  heard: (message: FromWorker) => void,
  gone: () => void,
) => WorkerHandle;

/** Starts and stops workers, answers their store requests, and adds up their services' counters. */
export class Workers {
  /** Service counters of the workers that have stopped. */
  readonly counters: Record<string, number> = {};
  readonly #config: ServerConfig;
  readonly #startOne: StartOne;
  readonly #memory: SharedArrayBuffer | undefined;
  readonly #keeper = storeKeeper();
  readonly #hub: BusHub | undefined;
  readonly #alive = new Set<WorkerHandle>();
  #lastGone: (() => void) | undefined;

  constructor(config: ServerConfig, startOne: StartOne, memory?: SharedArrayBuffer) {
    this.#config = config;
    this.#startOne = startOne;
    this.#memory = memory;
    this.#hub = config.service.needs.bus ? new BusHub() : undefined;
  }

  start(id: number, events: WorkerEvents, ownAccept?: OwnAccept): WorkerHandle {
    const { service, idleMs } = this.#config;
    const spec: WorkerSpec = { id, service, idleMs, ownAccept, memory: this.#memory };
    let failure: string | undefined;
    const heard = (message: FromWorker): void => {
      switch (message.type) {
        case 'ready':
          return events.ready();
        case 'ended':
          return events.ended?.(message.connection, message.outcome);
        case 'failed':
          failure = message.message;
          return undefined;
        case 'ask':
          return this.#answer(handle, message);
        case 'stopped':
          for (const [name, value] of Object.entries(message.counters)) {
            this.counters[name] = (this.counters[name] ?? 0) + value;
          }
      }
    };
    const handle = this.#startOne(spec, this.#hub, heard, () => {
      this.#keeper.release(handle);
      this.#alive.delete(handle);
      events.gone(failure);
      if (this.#alive.size === 0) this.#lastGone?.();
    });
    this.#alive.add(handle);
    return handle;
  }

  /** Waits for workers that were told to stop, and kills those that exceed the drain deadline. */
  async allGone(drainMs: number): Promise<void> {
    if (this.#alive.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#lastGone = resolve;
    const deadline = setTimeout(() => this.kill(), drainMs + STOP_GRACE_MS);
    await promise;
    clearTimeout(deadline);
  }

  /** Kills all workers. */
  kill(): void {
    for (const handle of this.#alive) handle.kill();
  }

  #answer(handle: WorkerHandle, { call, step }: FromWorker & { readonly type: 'ask' }): void {
    const answer = this.#keeper.execute(step, handle);
    if (answer instanceof Promise) {
      void answer.then((value) => handle.send({ type: 'answer', call, value }));
    } else {
      handle.send({ type: 'answer', call, value: answer });
    }
  }
}

type Stdio = ('ignore' | 'inherit' | 'ipc' | 'pipe' | number)[];

/** Runs a server's workers as threads. */
export function threads(config: ServerConfig): Workers {
  return new Workers(config, startThread, sharedMemory());
}

/**
 * Runs a server's workers as processes. Node cannot share memory between processes: they share only a store.
 *
 * @param descriptors inherited by each as 4, 5, … (3 is its channel to the parent)
 */
export function processes(
  config: ServerConfig,
  descriptors: readonly number[] = [],
  forkOne: (program: string, args: string[], options: { readonly stdio: Stdio }) => ChildProcess = fork,
): Workers {
  return new Workers(config, (spec, hub, heard, gone) => {
    const stdio: Stdio = ['ignore', 'inherit', 'inherit', 'ipc', ...descriptors];
    const fd = stdio.length;
    // Node makes this one end of a Unix socket pair, which is bidirectional.
    if (hub) stdio.push('pipe');
    const told = hub ? withBus(spec, { in: 'descriptor', fd }) : spec;
    const child = forkOne(spec.service.program, [JSON.stringify(told)], { stdio });
    if (hub) attachSocket(hub, child.stdio[fd] as Duplex);
    child.on('message', (message) => heard(message as FromWorker));
    // Sending to a child that has just died fails here; `exit` handles it.
    child.on('error', () => undefined);
    whenOver(child, gone);
    return {
      pid: child.pid ?? 0,
      send: (message, handle) => {
        if (child.connected) child.send(message, handle, {}, () => undefined);
      },
      kill: () => void child.kill('SIGKILL'),
    };
  });
}

const startThread: StartOne = (spec, hub, heard, gone) => {
  const worker = newThread(spec, hub);
  worker.on('message', heard);
  // A service's failures are caught where it is served: an error here is a defect, so its trace is printed.
  worker.on('error', (error) => console.error(error));
  worker.once('exit', gone);
  return {
    pid: process.pid,
    send: (message, handle) => {
      if (!handle) worker.postMessage(message);
      else worker.postMessage({ ...message, handle }, [transferable(handle)]);
    },
    kill: () => void worker.terminate(),
  };
};

function newThread(spec: WorkerSpec, hub: BusHub | undefined): Worker {
  if (!hub) return new Worker(spec.service.program, { workerData: spec });
  const { port1, port2 } = new MessageChannel();
  attachPort(hub, port1);
  const workerData = withBus(spec, { in: 'port', port: port2 });
  return new Worker(spec.service.program, { workerData, transferList: [port2] });
}

function withBus(spec: WorkerSpec, bus: BusEnd): WorkerSpec {
  return { ...spec, bus };
}

/**
 * Calls `over` once: when a child has ended and all its messages were read, or when it could not start.
 *
 * `exit` alone is too early: it can precede the last messages, so a `ready` could reach the worker's replacement.
 */
export function whenOver(child: Pick<ChildProcess, 'once' | 'pid'>, over: () => void): void {
  let lacking = 2;
  const one = (): void => {
    lacking -= 1;
    if (lacking === 0) over();
  };
  child.once('exit', one);
  child.once('disconnect', one);
  child.once('error', () => {
    if (child.pid === undefined) over();
  });
}
