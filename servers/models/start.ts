/** Builds the model of a variant from its catalogue entry, loading only what it uses. */
import type { ServiceModule } from '../services/api/service.ts';
import type { Variant } from '../variant.ts';
import type { Running, ServerConfig } from './model.ts';

/**
 * Starts a server.
 *
 * @param service the module named by `config.service`, for the main process
 * @throws {ServerError} when it cannot listen, or its workers cannot start
 */
export async function startModel(
  { pool, waitsIn, perConnection, processes: inProcesses }: Variant,
  config: ServerConfig,
  service: ServiceModule,
): Promise<Running> {
  if (waitsIn === 'server') {
    const { startHandOff } = await import('./pool/hand-off.ts');
    const { processes, threads } = await import('./worker/workers.ts');
    const workers = inProcesses ? processes(config) : threads(config);
    const placement = perConnection
      ? (await import('./pool/worker-per-connection.ts')).workerPerConnection
      : (await import('./pool/worker-pool.ts')).workerPool;
    return await startHandOff(config, service, workers, placement);
  }
  if (pool) return await (await import('./pool/own-accept.ts')).startOwnAccept(config);
  return await (await import('./connection/single.ts')).startSingle(config, service);
}
