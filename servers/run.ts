/** The life of a server process: options, start, ready line, signals, drain, statistics. */
import { flushCompileCache } from 'node:module';
import { messageOf, ServerError } from './errors.ts';
import type { FinalStats, Model, Running, ServerConfig } from './models/model.ts';
import { readOptions } from './options.ts';
import type { Options } from './options.ts';
import type { Company } from './services/api/service.ts';
import { openFolder, removeOrphans } from './folder.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

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
  const { variant, serviceName } = options;
  removeOrphans();
  const config = await withPlaces(options);
  const { model } = (await import(`./models/variants/${variant.name}.ts`)) as { model: Model };
  const stopped = firstSignal();
  const company = await accompany(options);
  const running = await startIn(company, model, config);
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
    company?.kill();
  });
  const stats = await running.stop();
  await company?.stop(config.drainMs);
  printLine(statsLine(stats));
}

async function accompany({ variant, config, module }: Options): Promise<Company | undefined> {
  const { variant: _, service, port: _port, ...options } = config;
  return module.accompany?.(service.parameters, { variant: variant.name, options });
}

async function startIn(company: Company | undefined, model: Model, config: ServerConfig): Promise<Running> {
  if (!company) return model.start(config);
  try {
    const { parameters } = company;
    const running = await model.start({ ...config, service: { ...config.service, parameters } });
    await company.listening({ host: config.host, port: running.port });
    return running;
  } catch (error) {
    company.kill();
    throw error;
  }
}

/** With what lies on disk: the workers' program, and a folder for the service's files. */
async function withPlaces({ variant, config, needsFolder }: Options): Promise<ServerConfig> {
  const { service } = config;
  const program = variant.pool || variant.perConnection ? await programFor(service.module) : '';
  return { ...config, service: { ...service, program, folder: needsFolder ? openFolder() : '' } };
}

/** What makes it is loaded where there are workers. */
async function programFor(module: string): Promise<string> {
  const { workerProgram } = await import('./models/worker/program.ts');
  return workerProgram(module);
}

function firstSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of SIGNALS) process.once(signal, () => resolve());
  // A server that was started with a channel belongs to whoever holds the other end, and stops with it.
  process.once('disconnect', () => resolve());
  return promise;
}

function endAtSecondSignal(kill: () => void): void {
  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    process.removeAllListeners(signal);
    process.once(signal, () => {
      kill();
      process.exit(code);
    });
  }
}

function statsLine({ tally, workers, service }: FinalStats): unknown {
  return { event: 'stats', ...tally, workers, service };
}

function printLine(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
