/**
 * Keeps each arm on a core while it is loaded. A core of a virtual machine is faster at one moment than at the next, by
 * several per cent and for tenths of a second; what changes places often meets the same of it
 * (docs/decisions/0007-duet-arrangement.md).
 */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { UnfitError } from '../../errors.ts';
import { moveToCores } from '../../rig/cores.ts';

/** Built by `make servers`. */
const EXCHANGE = fileURLToPath(new URL('../../../build/native/exchange', import.meta.url));

/** How long an arm stays on a core, in ms: short beside what lasts, long beside what moving takes, a ms or two at most. */
export const EXCHANGE_PERIOD_MS = 20;

/**
 * Keeps two groups of processes on a core each, the first on the first, for as long as the result is not disposed of.
 *
 * @throws UnfitError where the kernel refuses; so may disposing
 */
export type KeepOnCores = (
  groups: readonly [readonly number[], readonly number[]],
  cores: readonly [number, number],
) => Promise<AsyncDisposable>;

/** Each group stays where it is put. */
export const stayOnCores: KeepOnCores = async (groups, cores) => {
  await Promise.all(groups.map((pids, i) => moveToCores(pids, String(cores[i]))));
  return { [Symbol.asyncDispose]: () => Promise.resolve() };
};

/** Whether the program that exchanges cores has been built. */
export function canExchange(): boolean {
  return existsSync(EXCHANGE);
}

/**
 * Each group begins on its core, with all descendants, and changes places with the other until disposed of, which puts
 * both back. Should this process die, the exchange ends.
 */
export const exchangeCores: KeepOnCores = async (groups, cores) => {
  const args = [EXCHANGE_PERIOD_MS * 1000, ...cores, ...groups[0], '--', ...groups[1]].map(String);
  const exchange = execa(EXCHANGE, args, { stdin: 'pipe', reject: false });
  exchange.stdin.on('error', () => undefined);
  const stop = async (): Promise<void> => {
    exchange.stdin.end();
    const { exitCode, stderr, shortMessage } = await exchange;
    if (exitCode !== 0)
      throw new UnfitError(
        `Base and head could not exchange cores: ${stderr.trim() || (shortMessage ?? '')}.`,
      );
  };
  // Its first line, or its end.
  const ended = await Promise.race([
    once(exchange.stdout, 'data').then(() => false),
    exchange.then(() => true),
  ]);
  if (ended) await stop();
  return { [Symbol.asyncDispose]: stop };
};
