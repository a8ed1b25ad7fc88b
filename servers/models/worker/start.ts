/** A worker as the main process sees it, and the two ways of having one: a thread or a process. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { BusHub } from '../bus/hub.ts';
import { attachPort, attachSocket } from '../bus/link.ts';
import { transferable } from '../connection/listen.ts';
import type { FromWorker, ToWorker, WorkerSpec } from './protocol.ts';
import { whenOver } from './when-over.ts';

export interface WorkerHandle {
  readonly pid: number;
  /** Sends a message; the handle that goes with it belongs to the worker from then on. */
  send(message: ToWorker, handle?: Server | Socket): void;
  /** Ends it at once. */
  kill(): void;
}

export interface WorkerEvents {
  message(message: FromWorker): void;
  /** It is gone, for whatever reason; called once. */
  exit(): void;
}

/**
 * Starts one worker.
 *
 * @param hub the middle of the bus that it is to join, where the service needs one
 */
export type StartOne = (spec: WorkerSpec, events: WorkerEvents, hub: BusHub | undefined) => WorkerHandle;

export const startThread: StartOne = (spec, events, hub) => {
  const worker = newThread(spec, hub);
  worker.on('message', (message: FromWorker) => events.message(message));
  // The service's failures are caught where it is served: what arrives here is a defect, and its trace is wanted.
  worker.on('error', (error) => console.error(error));
  worker.once('exit', () => events.exit());
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
  const workerData: WorkerSpec = { ...spec, bus: { in: 'port', port: port2 } };
  return new Worker(spec.service.program, { workerData, transferList: [port2] });
}

/**
 * @param descriptors inherited by the process as 4, 5, … (3 is its channel to the parent)
 */
export function startProcess(...descriptors: number[]): StartOne {
  return (spec, events, hub) => {
    const { args, stdio, attach } = processSetup(spec, descriptors, hub);
    const child = fork(spec.service.program, args, { stdio });
    attach(child);
    child.on('message', (message) => events.message(message as FromWorker));
    // A message to a child that has just died fails here; `exit` tells what matters.
    child.on('error', () => undefined);
    whenOver(child, () => events.exit());
    return {
      pid: child.pid ?? 0,
      send: (message, handle) => {
        if (child.connected) child.send(message, handle, {}, () => undefined);
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}

interface ProcessSetup {
  readonly args: string[];
  readonly stdio: ('ignore' | 'inherit' | 'ipc' | 'pipe' | number)[];
  /** To be called with the process once it is started. */
  readonly attach: (child: ChildProcess) => void;
}

/** How a worker process is started: what it is told, what it inherits, and its end of the bus behind that. */
export function processSetup(
  spec: WorkerSpec,
  descriptors: readonly number[],
  hub: BusHub | undefined,
): ProcessSetup {
  const stdio: ProcessSetup['stdio'] = ['ignore', 'inherit', 'inherit', 'ipc', ...descriptors];
  if (!hub) return { args: [JSON.stringify(spec)], stdio, attach: () => undefined };
  const fd = stdio.length;
  const withBus: WorkerSpec = { ...spec, bus: { in: 'descriptor', fd } };
  return {
    args: [JSON.stringify(withBus)],
    // A 'pipe' is one end of a Unix socket pair here, and so goes both ways.
    stdio: [...stdio, 'pipe'],
    attach: (child) => {
      const socket = child.stdio[fd];
      if (socket) attachSocket(hub, socket as Duplex);
    },
  };
}
