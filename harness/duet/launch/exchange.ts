/**
 * The arms change cores all the time while they are loaded. A core of a virtual machine is faster at one moment than at
 * the next, by several per cent and for tenths of a second; what changes places often meets the same of it
 * (docs/decisions/0007-duet-arrangement.md).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { UnfitError } from '../../errors.ts';
import type { Arrangement } from '../../results/schema/duet-plan.ts';
import { stayOnCores, type KeepOnCores } from './cores.ts';

/** Built by `make servers`. */
const EXCHANGE = fileURLToPath(new URL('../../../build/native/exchange', import.meta.url));

/** How long an arm stays on a core, in ms: short beside what lasts, long beside what moving takes, a ms or two at most. */
export const EXCHANGE_PERIOD_MS = 20;

/** Whether the program that does it has been built. */
export function canExchange(): boolean {
  return existsSync(EXCHANGE);
}

/**
 * Each group begins on its core, with all descendants, and changes places with the other until disposed of, which puts
 * both back. Should this process die, the exchange ends.
 */
export const exchangeCores: KeepOnCores = async (groups, cores) => {
  const args = [EXCHANGE_PERIOD_MS * 1000, ...cores, ...groups[0], '--', ...groups[1]].map(String);
  const child = spawn(EXCHANGE, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  const words = text(child.stderr);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('close', (code) => resolve(code));
    child.once('error', (error) => {
      reject(new UnfitError(`The arms cannot exchange cores: ${error.message}.`, { cause: error }));
    });
  });
  const stop = async (): Promise<void> => {
    child.stdin.end();
    const code = await ended;
    if (code !== 0)
      throw new UnfitError(
        `The arms could not change cores: ${(await words).trim() || `exit code ${code}`}.`,
      );
  };
  // Its first line, or its end.
  await Promise.race([once(child.stdout, 'data'), ended]);
  if (child.exitCode !== null) await stop();
  return { [Symbol.asyncDispose]: stop };
};

/** How an arrangement that gives each arm a core keeps it there. */
export function keeperOf(arrangement: Arrangement): KeepOnCores {
  return arrangement === 'exchange' ? exchangeCores : stayOnCores;
}
