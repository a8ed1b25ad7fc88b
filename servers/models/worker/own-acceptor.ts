/** A worker that accepts for itself: what it needs beyond one that is sent its connections. */
import { writeSync } from 'node:fs';
import type { Server } from 'node:net';
import type { Service } from '../../services/api/service.ts';
import { accept, SOCKET_OPTIONS } from '../connection/acceptor.ts';
import type { Acceptor } from '../connection/acceptor.ts';
import { listen } from '../connection/listen.ts';
import { FIGURES, tallyRow } from '../pool/tally.ts';
import type { TallyRow } from '../pool/tally.ts';
import type { Books, WorkerSpec } from './protocol.ts';

export interface OwnAcceptor {
  /** Accepts from a listening server, which may come from elsewhere. */
  begin(server: Server): void;
  /** Waits for connections until the deadline, gives the others up. */
  stop(drainMs: number): Promise<void>;
}

/**
 * @param began called once it accepts
 * @throws {ServerError} when it is to listen on its own and cannot
 */
export async function ownAcceptor(
  { source, slots, maxConnections, idleMs, books }: WorkerSpec,
  service: Service,
  farewell: Uint8Array | undefined,
  began: () => void,
): Promise<OwnAcceptor> {
  const acceptor = Promise.withResolvers<Acceptor>();
  const begin = (server: Server): void => {
    const row = rowIn(books);
    acceptor.resolve(accept(server, { service, farewell, slots, maxConnections, idleMs, row }));
    began();
  };
  if (source.from === 'descriptor' || source.from === 'address') {
    const { from: _, ...where } = source;
    begin(await listen(SOCKET_OPTIONS, where));
  }
  return { begin, stop: async (drainMs) => (await acceptor.promise).stop(drainMs) };
}

function rowIn(books: Books | undefined): TallyRow {
  if (!books) return tallyRow();
  if (books.in === 'memory') return tallyRow(books.counts);
  const counts = new Uint32Array(FIGURES.length);
  return tallyRow(counts, () => void writeSync(books.fd, counts, 0, counts.byteLength, books.offset));
}
