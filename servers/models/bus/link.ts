/**
 * The transport of the bus between the main process and a worker: a MessagePort to a thread, a Unix socket pair to a
 * process (docs/decisions/0005-bus-through-the-main-process.md compares the costs).
 */
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';
import type { Bus } from '../../services/api/bus.ts';
import type { BusHub } from './hub.ts';
import { BusMember } from './member.ts';

/** The worker's end of the bus, as passed to it when it starts. */
export type BusEnd =
  | { readonly in: 'port'; readonly port: MessagePort }
  | { readonly in: 'descriptor'; readonly fd: number };

/** A worker's open bus. */
export interface OpenBus {
  readonly bus: Bus;
  /** Sends what is pending and closes, so that the worker can exit. */
  close(): void;
}

/** Connects a thread to the hub through the main thread's port of a channel. */
export function attachPort(hub: BusHub, port: MessagePort): void {
  const attached = hub.attach((bytes) => port.postMessage(bytes, [bytes.buffer]));
  port.on('message', (bytes: Uint8Array) => attached.receive(asBuffer(bytes)));
  port.once('close', () => attached.detach());
}

/** Connects a process to the hub through the parent's end of a socket pair. */
export function attachSocket(hub: BusHub, socket: Duplex): void {
  const attached = hub.attach((bytes) => void socket.write(bytes));
  socket.on('data', (bytes: Buffer) => attached.receive(bytes));
  // A process that dies resets the pair; the 'close' that follows is enough.
  socket.on('error', () => undefined);
  socket.once('close', () => attached.detach());
}

/** The worker's bus. */
export function openBus(end: BusEnd): OpenBus {
  return end.in === 'port' ? openPort(end.port) : openSocket(end.fd);
}

function openPort(port: MessagePort): OpenBus {
  const bus = new BusMember((bytes) => port.postMessage(bytes, [bytes.buffer]));
  port.on('message', (bytes: Uint8Array) => bus.receive(asBuffer(bytes)));
  return {
    bus,
    close: () => {
      bus.flush();
      port.close();
    },
  };
}

function openSocket(fd: number): OpenBus {
  const socket = new Socket({ fd, readable: true, writable: true });
  const bus = new BusMember((bytes) => void socket.write(bytes));
  socket.on('data', (bytes: Buffer) => bus.receive(bytes));
  socket.on('error', () => undefined);
  return {
    bus,
    close: () => {
      bus.flush();
      socket.end(() => socket.destroy());
    },
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
