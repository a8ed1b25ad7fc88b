/** The command line of a server (docs/servers/contract.md): its options, and the command built from them. */
import { fileURLToPath } from 'node:url';
import type { ServiceName } from './services/registry.ts';

/** The numeric options by their names in the code: flag, range and default. */
export const NUMBERS = {
  /** 0 lets the kernel choose. */
  port: { flag: 'port', min: 0, max: 65_535, otherwise: 0 },
  /** Size of the pool; 1 for models without a pool. */
  workers: { flag: 'workers', min: 1, max: 1024, otherwise: undefined },
  /** Connections that one worker serves at once; 0: unbounded. */
  slots: { flag: 'slots', min: 0, max: 65_535, otherwise: undefined },
  /** Connections that the whole server serves at once; 0: unbounded. */
  limit: { flag: 'limit', min: 0, max: 65_535, otherwise: undefined },
  /** Length of the kernel's accept queue. */
  backlog: { flag: 'backlog', min: 1, max: 65_535, otherwise: 511 },
  /** Longest wait of a connection in a queue of the server itself, in ms; 0: for ever. */
  patienceMs: { flag: 'patience', min: 0, max: 3_600_000, otherwise: 5000 },
  /** How long a graceful stop waits for connections, in ms. */
  drainMs: { flag: 'drain', min: 0, max: 3_600_000, otherwise: 2000 },
  /** Open connections including waiting ones; more are refused. */
  maxConnections: { flag: 'max-connections', min: 1, max: 1_000_000, otherwise: 20_000 },
  /** Closes a connection without traffic for so long, in ms; 0: never. */
  idleMs: { flag: 'idle', min: 0, max: 86_400_000, otherwise: 60_000 },
} as const;

export type Numbers = { readonly [N in keyof typeof NUMBERS]: number };

/** Omitted options take the defaults of the contract. */
export interface CommandOptions extends Partial<Omit<Numbers, 'port'>> {
  readonly service: ServiceName;
  /** An address, or the placeholder `{host}`, which the starter of the command replaces. */
  readonly host?: string;
  /** A port, or the placeholder `{port}`, which the starter of the command replaces. */
  readonly port?: number | '{port}';
  /** Parameters of the service. */
  readonly set?: Readonly<Record<string, string | number | boolean>>;
}

const TS_MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** The program with all variants in C, built by `make servers`. */
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
