/**
 * Accepts and serves in one thread, up to `slots` connections at once. This is all of ts-iterative (one slot) and
 * ts-loop (unbounded), and each worker of the models whose workers accept for themselves.
 */
import type { Server, Socket } from 'node:net';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { Service } from '../../services/api/service.ts';
import { closeGently, transferable } from './sockets.ts';
import { Servings } from './servings.ts';
import { countEnd } from '../pool/tally.ts';
import type { TallyRow } from '../pool/tally.ts';

export interface AcceptorOptions {
  readonly service: Service;
  /** Sent to a refused client. */
  readonly farewell: Uint8Array | undefined;
  /** Connections served at once; 0 is unbounded. Others wait in the kernel's accept queue. */
  readonly slots: number;
  /** Connections open at once; more are accepted and refused. */
  readonly maxConnections: number;
  readonly idleMs: number;
  readonly row: TallyRow;
}

export type Acceptor = ReturnType<typeof accept>;

/** Accepts from a listening server until stopped. */
export function accept(listening: Server, options: AcceptorOptions) {
  const { service, farewell, slots, maxConnections, idleMs, row } = options;
  const park = parking();
  let server: Server | undefined = listening;
  let stopping = false;
  const servings = new Servings(service, idleMs, (outcome) => {
    countEnd(row, outcome, false);
    if (server || stopping) return;
    server = park.fetch();
    server.on('connection', onConnection);
  });

  const onConnection = (socket: Socket): void => {
    row.add('accepted');
    if (servings.size >= maxConnections) {
      row.add('refused');
      closeGently(socket, farewell);
      return;
    }
    void servings.serve(socket, 0, 0);
    if (slots > 0 && servings.size >= slots && server) {
      park.leave(server);
      server = undefined;
    }
  };
  listening.on('connection', onConnection);

  return {
    /** Stops accepting, waits for connections until the deadline, then aborts the rest. */
    stop: async (drainMs: number): Promise<void> => {
      stopping = true;
      (server ?? park.fetch()).close();
      await servings.stop(drainMs);
    },
  };
}

/**
 * Holds a listening socket while nobody accepts from it. Transferring it in a message removes it from the event loop
 * without closing it, so waiting clients stay in the kernel's accept queue. Closing and listening again would refuse
 * them; `maxConnections` would reset them.
 */
function parking() {
  const { port1, port2 } = new MessageChannel();
  return {
    leave: (server: Server): void => port1.postMessage(server, [transferable(server)]),
    fetch: (): Server => {
      const parked = receiveMessageOnPort(port2);
      if (!parked) throw new Error('no server is parked here');
      return parked.message as Server;
    },
  };
}
