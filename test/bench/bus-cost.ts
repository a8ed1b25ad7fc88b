/**
 * What it costs to pass a message from the main process to a worker, over each carrier that Node has:
 * `node test/bench/bus-cost.ts [messages]` (200,000 unless told).
 *
 * Prints CPU time per message of 100 bytes, both ends together, which is steady where rates are not: first with one
 * message a turn of the event loop, which is what a quiet chat sends, then with as many as come together in a busy one.
 */
import { fork } from 'node:child_process';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { MessageChannel, parentPort, Worker, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';

const MESSAGE_BYTES = 100;
const CARRIERS = ['message-port', 'socket-pair', 'ipc-json', 'ipc-advanced'] as const;
type Carrier = (typeof CARRIERS)[number];

/** CPU time of this process, all threads, in µs. */
function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The worker: counts what comes, and says at the end what that cost it. */
function work(carrier: Carrier, messages: number, port?: MessagePort): void {
  const before = cpuUs();
  let bytes = 0;
  const take = (length: number): void => {
    bytes += length;
    if (bytes < messages * MESSAGE_BYTES) return;
    if (port) port.postMessage('done');
    else process.send?.({ costUs: cpuUs() - before }, () => process.disconnect());
  };
  if (port) {
    port.on('message', (chunk: Uint8Array) => take(chunk.length));
    port.postMessage('ready');
    return;
  }
  if (carrier === 'socket-pair') {
    const socket = new Socket({ fd: 4, readable: true, writable: true });
    socket.on('data', (chunk) => take(chunk.length)).unref();
  }
  process.on('message', (message: { data: string | Uint8Array }) =>
    take(typeof message.data === 'string' ? Buffer.from(message.data, 'base64').length : message.data.length),
  );
  process.send?.('ready');
}

/** µs of CPU per message, both ends together. */
async function measure(carrier: Carrier, messages: number, together: number): Promise<number> {
  const done = Promise.withResolvers<number>();
  const ready = Promise.withResolvers<void>();
  let send: (bytes: Uint8Array<ArrayBuffer>) => void;
  if (carrier === 'message-port') {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { carrier, messages, port: port2 },
      transferList: [port2],
    });
    port1.on('message', (what) => {
      if (what === 'ready') return ready.resolve();
      done.resolve(0);
      void worker.terminate();
    });
    send = (bytes) => port1.postMessage(bytes, [bytes.buffer]);
  } else {
    const child = fork(new URL(import.meta.url), ['worker', carrier, `${messages}`], {
      serialization: carrier === 'ipc-advanced' ? 'advanced' : 'json',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'],
    });
    child.on('message', (message) => {
      if (message === 'ready') ready.resolve();
      else done.resolve((message as { costUs: number }).costUs);
    });
    const socket = child.stdio[4] as Duplex;
    send =
      carrier === 'socket-pair'
        ? (bytes) => void socket.write(bytes)
        : carrier === 'ipc-json'
          ? (bytes) => void child.send({ data: Buffer.from(bytes).toString('base64') })
          : (bytes) => void child.send({ data: bytes });
  }
  await ready.promise;
  const before = cpuUs();
  for (let sent = 0; sent < messages; sent += together) {
    send(new Uint8Array(together * MESSAGE_BYTES));
    await new Promise(setImmediate);
  }
  const workerUs = await done.promise;
  return (cpuUs() - before + workerUs) / messages;
}

if (parentPort) {
  const { carrier, messages, port } = workerData as { carrier: Carrier; messages: number; port: MessagePort };
  work(carrier, messages, port);
} else if (process.argv[2] === 'worker') {
  work(process.argv[3] as Carrier, Number(process.argv[4]));
} else {
  const messages = Number(process.argv[2] ?? 200_000);
  for (const together of [1, 50]) {
    for (const carrier of CARRIERS) {
      const us = await measure(carrier, messages, together);
      console.log(`${carrier.padEnd(12)} ${together} a turn: ${us.toFixed(2)} µs of CPU a message`);
    }
  }
}
