/** A server under test: started through its command line, as anybody would, and stopped with the test. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { CommandOptions } from '../../../servers/command-line.ts';
import type { Variant } from '../../../servers/variant.ts';
import { descendants, isAlive } from './processes.ts';
import { within } from '../../waiting.ts';

export interface Stats {
  readonly accepted: number;
  readonly served: number;
  readonly waited: number;
  readonly lost: number;
  readonly refused: number;
  readonly reset: number;
  readonly idled: number;
  readonly broken: number;
  readonly workers: readonly { readonly id: number; readonly pid: number; readonly served: number }[];
  readonly service: Readonly<Record<string, number>>;
}

export interface Server extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  readonly workers: number;
  /** Sends the signal, waits for the end, and checks that it ended well, settled its accounts and left nothing. */
  stop(signal?: 'SIGTERM' | 'SIGINT'): Promise<Stats>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when the process is gone. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/**
 * Starts a variant and waits until it is ready. Nobody is turned away for a wait, and nobody is given up at the stop,
 * however slow the machine is: a case that is about one of these says so.
 */
export async function start(variant: Variant, options: CommandOptions): Promise<Server> {
  const [file = '', ...args] = variant.command({
    drainMs: 60_000,
    ...(variant.waitsIn === 'server' ? { patienceMs: 0 } : {}),
    ...options,
  });
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const pid = child.pid ?? 0;
  const killTree = (): void => {
    for (const each of [...descendants(pid), pid]) if (isAlive(each)) process.kill(each, 'SIGKILL');
  };
  try {
    const first = await within(`${variant.name} to be ready`, lines.next());
    assert.equal(first.done, false, `${variant.name} ended before it was ready`);
    const ready = JSON.parse(first.value) as {
      event: string;
      variant: string;
      port: number;
      workers: number;
    };
    assert.equal(ready.event, 'ready');
    assert.equal(ready.variant, variant.name);
    return {
      pid,
      port: ready.port,
      workers: ready.workers,
      ended,
      signal: (signal) => void process.kill(pid, signal),
      stop: async (signal = 'SIGTERM') => {
        const family = descendants(pid);
        process.kill(pid, signal);
        const line = await within(`${variant.name} to print its statistics`, lines.next());
        assert.equal(line.done, false, `${variant.name} ended without statistics`);
        const stats = JSON.parse(line.value) as Stats;
        assert.deepEqual(await within(`${variant.name} to exit`, ended), { code: 0, signal: null });
        assert.deepEqual(family.filter(isAlive), [], 'no child is left behind');
        checkAccounts(stats);
        return stats;
      },
      [Symbol.asyncDispose]: async () => {
        killTree();
        await ended;
      },
    };
  } catch (error) {
    killTree();
    throw error;
  }
}

function checkAccounts(stats: Stats): void {
  const { accepted, served, lost, refused, reset, idled, broken } = stats;
  const sum = served + lost + refused + reset + idled + broken;
  assert.equal(accepted, sum, `the accounts do not add up: ${JSON.stringify(stats)}`);
  assert.ok(stats.waited <= served);
}
