/** The command line of a server (docs/servers/contract.md): its options, and the command that a set of them makes. */
import { fileURLToPath } from 'node:url';
import type { ServiceName } from './services/registry.ts';

/** The options that are numbers, by their names in the code: flag, range, and what one is that is left out. */
export const NUMBERS = {
  /** 0 lets the kernel choose. */
  port: { flag: 'port', min: 0, max: 65_535, otherwise: 0 },
  /** Size of the pool; 1 for models without a pool. */
  workers: { flag: 'workers', min: 1, max: 1024, otherwise: undefined },
  /** Connections that one worker serves at once; 0 is unbounded. */
  slots: { flag: 'slots', min: 0, max: 65_535, otherwise: undefined },
  /** Connections served at once by the whole server; 0 is unbounded. */
  limit: { flag: 'limit', min: 0, max: 65_535, otherwise: undefined },
  /** Length of the kernel's accept queue. */
  backlog: { flag: 'backlog', min: 1, max: 65_535, otherwise: 511 },
  /** How long a connection may wait in a queue of the server's own; 0: for ever. */
  patienceMs: { flag: 'patience', min: 0, max: 3_600_000, otherwise: 5000 },
  /** How long a graceful stop waits for connections. */
  drainMs: { flag: 'drain', min: 0, max: 3_600_000, otherwise: 2000 },
  /** Connections open at once, waiting ones included; more are refused. */
  maxConnections: { flag: 'max-connections', min: 1, max: 1_000_000, otherwise: 20_000 },
  /** A connection without a byte for so long is closed; 0: never. */
  idleMs: { flag: 'idle', min: 0, max: 86_400_000, otherwise: 60_000 },
} as const;

export type Numbers = { readonly [N in keyof typeof NUMBERS]: number };

/** What is left out has the default of the contract. */
export interface CommandOptions extends Partial<Omit<Numbers, 'port'>> {
  readonly service: ServiceName;
  /** An address, or `{host}` for whoever starts the command to fill in. */
  readonly host?: string;
  /** A number, or `{port}` for whoever starts the command to fill in. */
  readonly port?: number | '{port}';
  /** Parameters of the service. */
  readonly set?: Readonly<Record<string, string | number | boolean>>;
}

const TS_MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** Where `make servers` puts the program with all variants in C. */
export const C_SERVER = fileURLToPath(new URL('../build/native/server', import.meta.url));

/** File and arguments, all paths absolute. */
export function commandLine(language: 'ts' | 'c', name: string, options: CommandOptions): string[] {
  const { service, host, set = {}, ...numbers } = options;
  return [
    ...(language === 'ts' ? [process.execPath, TS_MAIN] : [C_SERVER]),
    name,
    '--service',
    service,
    ...(host === undefined ? [] : ['--host', host]),
    ...Object.entries(NUMBERS).flatMap(([each, { flag }]) => {
      const value = numbers[each as keyof Numbers];
      return value === undefined ? [] : [`--${flag}`, `${value}`];
    }),
    ...Object.entries(set).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
  ];
}
