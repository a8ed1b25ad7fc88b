/** The server of known behaviour (native/): how it is started, and what it says that it did. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UnfitError } from '../../errors.ts';

const PROGRAM = fileURLToPath(new URL('../../../build/native/known-server', import.meta.url));

/** Its options by name, without the dashes: native/known.h lists them. */
export type Behaviour = Readonly<Record<string, string | number>>;

const FIGURES = [
  /** Connections. */
  'accepted',
  'lost',
  'mostHeld',
  /** Exchanges, and those that were answered wrongly or with an error. */
  'exchanges',
  'corrupted',
  'failed',
  /** CPU time from its readiness on, with that of every process that it started. */
  'cpuNs',
  /** Of that, what was spent once. */
  'coldCpuNs',
  /** For how long nothing was answered. */
  'stalledNs',
  /** Memory that was taken for connections, in all; and what each serving process had for itself. */
  'touchedBytes',
  'privateBytes',
  /** Answers that were delayed, and by how much from the request's arrival on. */
  'delays',
  'delayMeanUs',
  'delayP50Us',
  'delayP90Us',
  'delayP99Us',
] as const;

/** What it really did. */
export type Done = Readonly<Record<(typeof FIGURES)[number], number>>;

/** Why the known truths cannot be measured here; undefined where they can. */
export function missingKnownServer(): string | undefined {
  return existsSync(PROGRAM)
    ? undefined
    : 'The server of known behaviour (build/native/known-server) is not built: run "make servers", which takes a C compiler.';
}

/** The command line of one that behaves so; `{port}` is not filled in yet. */
export function knownCommand(behaviour: Behaviour): readonly string[] {
  const options = Object.entries(behaviour).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return [PROGRAM, '--port', '{port}', ...options];
}

/** @param statistics the line that it printed as it stopped @throws UnfitError where it printed none */
export function doneBy(statistics: Readonly<Record<string, unknown>> | undefined): Done {
  const figure = (name: string): number => {
    const value = statistics?.[name];
    if (typeof value === 'number') return value;
    throw new UnfitError(`The server of known behaviour did not say what it did (${name}): build it again.`);
  };
  return Object.fromEntries(FIGURES.map((name) => [name, figure(name)])) as Done;
}
