/** The models that serve in the main thread: one connection at a time, or all of them in one event loop. */
import { accept } from './acceptor.ts';
import { soloBus } from '../../services/api/bus.ts';
import { listen, portOf, SOCKET_OPTIONS } from './sockets.ts';
import type { Running, ServerConfig } from '../model.ts';
import type { ServiceModule } from '../../services/api/service.ts';
import { storeOver } from '../../services/api/store.ts';
import { sharedMemory, storeKeeper } from '../worker/store-keeper.ts';
import { tallyRow } from '../pool/tally.ts';

/** Starts a server of one thread; `config.slots` limits the connections served at once. */
export async function startSingle(config: ServerConfig, module: ServiceModule): Promise<Running> {
  const { host, port, backlog, slots, maxConnections, idleMs, drainMs } = config;
  const { parameters, folder } = config.service;
  const keeper = storeKeeper();
  const service = module.create(parameters, {
    worker: 0,
    store: storeOver((step) => Promise.resolve(keeper.execute(step, keeper))),
    memory: sharedMemory(),
    expendable: false,
    bus: soloBus(),
    folder,
  });
  const row = tallyRow();
  const server = await listen(SOCKET_OPTIONS, { host, port, backlog });
  const bound = portOf(server.address());
  const acceptor = accept(server, {
    service,
    farewell: module.turnAway?.(parameters, 'limit'),
    slots,
    maxConnections,
    idleMs,
    row,
  });
  return {
    port: bound,
    workers: 1,
    stop: async () => {
      await acceptor.stop(drainMs);
      const tally = row.read();
      const workers = [{ id: 0, pid: process.pid, served: tally.served }];
      return { tally, workers, service: service.counters };
    },
    kill: () => undefined,
  };
}
