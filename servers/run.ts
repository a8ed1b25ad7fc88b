/** The life of a server process: options, start, ready line, signals, drain, statistics. */
import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { messageOf, ServerError } from './errors.ts';
import type { Running, ServerConfig } from './models/model.ts';
import { startModel } from './models/start.ts';
import { readOptions } from './options.ts';
import type { Options } from './options.ts';
import type { CompanionServers } from './services/api/service.ts';
import { openFolder, removeOrphans } from './folder.ts';

/** Signals that stop a server, and what it exits with at a second one. */
const SIGNALS = [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const;

/** Runs a server until it is told to stop, and exits the process. */
export async function run(argv: readonly string[]): Promise<void> {
  try {
    await serve(await readOptions(argv));
    process.exit(0);
  } catch (error) {
    if (!(error instanceof ServerError)) console.error(error);
    else process.stderr.write(`server: ${messageOf(error)}\n`);
    process.exit(error instanceof ServerError ? error.exitCode : 1);
  }
}

async function serve(options: Options): Promise<void> {
  const { variant, serviceName, module } = options;
  removeOrphans();
  const config = await withPlaces(options);
  // A server that was started with a channel belongs to whoever holds the other end, and stops with it.
  const stopped = Promise.race(['SIGTERM', 'SIGINT', 'disconnect'].map((event) => once(process, event)));
  const { service, variant: name, port: _, ...others } = config;
  const companions = await module.startCompanions?.(service.parameters, { variant: name, options: others });
  const running = await startBeside(companions, config, options);
  printLine({
    event: 'ready',
    variant: variant.name,
    service: serviceName,
    host: config.host,
    port: running.port,
    pid: process.pid,
    workers: running.workers,
  });
  flushCompileCache();
  await stopped;
  endAtSecondSignal(() => {
    running.kill();
    companions?.kill();
  });
  const { tally, workers, service: counters } = await running.stop();
  await companions?.stop(config.drainMs);
  printLine({ event: 'stats', ...tally, workers, service: counters });
}

async function startBeside(
  companions: CompanionServers | undefined,
  config: ServerConfig,
  { variant, module }: Options,
): Promise<Running> {
  const { service, host } = config;
  const parameters = companions?.parameters ?? service.parameters;
  try {
    const running = await startModel(variant, { ...config, service: { ...service, parameters } }, module);
    await companions?.listening({ host, port: running.port });
    return running;
  } catch (error) {
    companions?.kill();
    throw error;
  }
}

/** With what lies on disk: the workers' program, and a folder for the service's files. */
async function withPlaces({ variant, config }: Options): Promise<ServerConfig> {
  const { service } = config;
  let program = '';
  if (variant.pool || variant.perConnection) {
    // What makes it is loaded where there are workers.
    const { workerProgram } = await import('./models/worker/program.ts');
    program = workerProgram(service.module);
  }
  return { ...config, service: { ...service, program, folder: service.needs.folder ? openFolder() : '' } };
}

function endAtSecondSignal(kill: () => void): void {
  for (const [signal, code] of SIGNALS) {
    process.removeAllListeners(signal);
    process.once(signal, () => {
      kill();
      process.exit(code);
    });
  }
}

function printLine(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
