/**
 * The bare client in C (servers/native/bench) as a load: it costs less than any of the servers and than the load
 * generator, which is why both are compared with it.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { UnfitError } from '../errors.ts';
import { pinned } from '../rig/cores.ts';

const CLIENT = fileURLToPath(new URL('../../build/native/client', import.meta.url));

/** No load of the lab lasts so long, even on a slow machine. */
const DEADLINE_MS = 60_000;

/** Messages of 64 bytes to the service `echo`, each answered before the next. */
export interface BareLoad {
  /** `connect`: a connection for every message. `hold`: all messages over connections that are held. */
  readonly mode: 'connect' | 'hold';
  /** Connections at once. */
  readonly connections: number;
  /** Messages in all … */
  readonly messages?: number;
  /** … or for how long they are made. */
  readonly seconds?: number;
  /** Pause of each connection between its messages, in ms. Default 0. */
  readonly thinkMs?: number;
  /** Addresses (127.0.0.1, 127.0.0.2, …) that its connections come from. Default: the kernel's choice. */
  readonly sources?: number;
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
 * @param cores on which the client runs; undefined: those of this process
 * @returns its CPU time for each message, in µs
 * @throws UnfitError when a connection or an answer failed; what the signal makes of an abort
 */
export async function makeBareLoad(
  load: BareLoad,
  port: number,
  signal: AbortSignal,
  cores?: string,
): Promise<number> {
  const { messages, thinkMs, ...same } = load;
  const options = { port, count: messages, 'think-ms': thinkMs, ...same };
  const args = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
  const [program = '', ...rest] = pinned([CLIENT, ...args], cores);
  const { exitCode, stdout, stderr, isCanceled } = await execa(program, rest, {
    reject: false,
    cancelSignal: signal,
    timeout: DEADLINE_MS,
    stdin: 'ignore',
  });
  if (isCanceled) signal.throwIfAborted();
  if (exitCode !== 0)
    throw new UnfitError(
      `The bare client could not bring its load through: ${stderr || stdout || 'no word'}`,
    );
  return (JSON.parse(stdout) as { readonly cpuNsPerMessage: number }).cpuNsPerMessage / 1000;
}
