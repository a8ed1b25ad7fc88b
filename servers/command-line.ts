/** The command line of a server (docs/servers/contract.md), from its options. */
import { fileURLToPath } from 'node:url';
import type { ServiceName } from './services/registry.ts';

/** What is left out has the default of the contract. Times are milliseconds. */
export interface CommandOptions {
  readonly service: ServiceName;
  /** An address, or `{host}` for whoever starts the command to fill in. */
  readonly host?: string;
  /** A number, or `{port}` for whoever starts the command to fill in. */
  readonly port?: number | '{port}';
  readonly workers?: number;
  readonly slots?: number;
  readonly limit?: number;
  readonly backlog?: number;
  readonly patienceMs?: number;
  readonly drainMs?: number;
  readonly maxConnections?: number;
  readonly idleMs?: number;
  /** Parameters of the service. */
  readonly set?: Readonly<Record<string, string | number | boolean>>;
}

const TS_MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** Where `make servers` puts the program with all variants in C. */
export const C_SERVER = fileURLToPath(new URL('../build/native/server', import.meta.url));

/** File and arguments, all paths absolute. */
export function commandLine(language: 'ts' | 'c', name: string, options: CommandOptions): string[] {
  const flags = {
    service: options.service,
    host: options.host,
    port: options.port,
    workers: options.workers,
    slots: options.slots,
    limit: options.limit,
    backlog: options.backlog,
    patience: options.patienceMs,
    drain: options.drainMs,
    'max-connections': options.maxConnections,
    idle: options.idleMs,
  };
  return [
    ...(language === 'ts' ? [process.execPath, TS_MAIN] : [C_SERVER]),
    name,
    ...Object.entries(flags).flatMap(([flag, value]) =>
      value === undefined ? [] : [`--${flag}`, `${value}`],
    ),
    ...Object.entries(options.set ?? {}).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
  ];
}
