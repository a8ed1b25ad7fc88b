/** What is known of a server variant without starting it. */
import { existsSync } from 'node:fs';
import { commandLine, C_SERVER } from './command-line.ts';
import type { CommandOptions } from './command-line.ts';
import { SERVICES } from './services/registry.ts';
import type { Language, ServiceName } from './services/registry.ts';

/** How many connections one worker can serve at once: only one, only any number, or as `--slots` says. */
export type Slots = 'one' | 'unbounded' | 'any';

/**
 * What bounds the connections served at once, for a formula of the elapsed time: one · a pool with one queue · a pool
 * in which each worker has a queue of its own · the limit on workers · nothing.
 */
export type Analytic = 'iterative' | 'pool' | 'partitioned' | 'limited' | 'unbounded';

export interface Variant {
  readonly name: string;
  readonly language: Language;
  /** The model without its language: `prefork-accept`. */
  readonly model: string;
  /** Name in the literature, and who uses it. */
  readonly design: string;
  readonly title: string;
  /** How a connection comes to be served, in one sentence. */
  readonly mechanism: string;
  /** Workers are started in advance, and `--workers` says how many. */
  readonly pool: boolean;
  /** A worker is started for each connection, and `--limit` says how many may live. */
  readonly perConnection: boolean;
  /** Without `--slots`, one worker serves any number of connections by events. */
  readonly eventLoop: boolean;
  /** Where connections wait that nobody serves yet. Only a server's own queue knows `--patience`, `waited` and `lost`. */
  readonly waitsIn: 'kernel' | 'server';
  /** Serves in several processes. */
  readonly processes: boolean;
  readonly slots: Slots;
  readonly analytic: Analytic;
  /** Services that it can run. */
  readonly services: readonly ServiceName[];
  /**
   * The command that starts it: file and arguments, all paths absolute. `workers` and `limit` are left out for
   * variants that do not take them, so that one setting can be used for a whole comparison.
   */
  command(options: CommandOptions): string[];
  /** Whether it can be started here. */
  available(): Availability;
}

export type Availability = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** What a table of variants says of each; the rest follows from it. */
export type Draft = Pick<Variant, 'model' | 'design' | 'title' | 'mechanism'> &
  Partial<
    Pick<Variant, 'pool' | 'perConnection' | 'eventLoop' | 'waitsIn' | 'processes' | 'slots' | 'analytic'>
  >;

export function variant(language: Language, draft: Draft): Variant {
  const { pool = false, perConnection = false, eventLoop = false } = draft;
  const { waitsIn = perConnection ? 'server' : 'kernel', processes = false, slots = 'one' } = draft;
  const bound = perConnection ? 'limited' : eventLoop ? 'unbounded' : pool ? 'pool' : 'iterative';
  const { analytic = bound } = draft;
  const name = `${language}-${draft.model}`;
  const services = (Object.keys(SERVICES) as ServiceName[]).filter(
    (service) =>
      SERVICES[service].languages.includes(language) &&
      !(SERVICES[service].needs.concurrency && analytic === 'iterative'),
  );
  return {
    ...draft,
    ...{ name, language, services },
    ...{ pool, perConnection, eventLoop, waitsIn, processes, slots, analytic },
    command: ({ workers, limit, ...rest }) =>
      commandLine(language, name, {
        ...rest,
        ...(pool && workers !== undefined ? { workers } : {}),
        // A pool in C has no other limit than its workers and their slots.
        ...(waitsIn === 'server' && !(language === 'c' && pool) && limit !== undefined ? { limit } : {}),
      }),
    available: () =>
      language === 'ts' || existsSync(C_SERVER)
        ? { ok: true }
        : { ok: false, reason: 'the servers in C are not built: run `make servers`' },
  };
}
