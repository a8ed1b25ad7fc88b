/**
 * The bare client in C (servers/native/bench) as the load of a table: it costs less than any of the servers, so that
 * the server, which has a core of its own, is what everybody waits for.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { UnfitError } from '../../errors.ts';

const CLIENT = fileURLToPath(new URL('../../../build/native/client', import.meta.url));

/** No load of a table lasts so long, even on a slow machine. */
const DEADLINE_MS = 60_000;

/** Messages of 64 bytes to the service `echo`, each answered before the next. */
export interface BareLoad {
  /** `connect`: a connection for every message. `hold`: all messages over connections that are held. */
  readonly mode: 'connect' | 'hold';
  /** Connections at once. */
  readonly connections: number;
  /** Messages in all. */
  readonly messages: number;
}

/** @throws UnfitError where the client has not been built */
export function requireBareClient(): void {
  if (!existsSync(CLIENT)) {
    throw new UnfitError(
      'The bare client (build/native/client) is not built: run "make servers", which takes a C compiler.',
    );
  }
}

/**
 * Makes a load, to its end.
 *
 * @throws UnfitError when a connection or an answer failed; what the signal makes of an abort
 */
export async function makeLoad(
  { mode, connections, messages }: BareLoad,
  port: number,
  signal: AbortSignal,
): Promise<void> {
  const { exitCode, stdout, stderr, isCanceled } = await execa(
    CLIENT,
    ['--port', `${port}`, '--mode', mode, '--connections', `${connections}`, '--count', `${messages}`],
    { reject: false, cancelSignal: signal, timeout: DEADLINE_MS, stdin: 'ignore' },
  );
  if (isCanceled) signal.throwIfAborted();
  if (exitCode === 0) return;
  throw new UnfitError(`The bare client could not bring its load through: ${stderr || stdout || 'no word'}`);
}
