/** The servers of a chain: the first starts a name server and the others as its children; each registers its name. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { findVariant } from '../../catalogue.ts';
import type { CommandOptions } from '../../command-line.ts';
import { messageOf, unfitError, usageError } from '../../errors.ts';
import { FramedClient } from '../../wire/client.ts';
import type { Address } from '../../wire/client.ts';
import type { CompanionServers, Setting } from '../../services/api/service.ts';

/** Most servers in a chain. */
export const MAX_DEPTH = 8;

/** What a companion may take to stop, beyond the drain deadline, before it is killed, in ms. */
const STOP_GRACE_MS = 1000;

interface Companion {
  readonly port: number;
  /** Tells it to stop by closing its channel, as would happen if this process died, and waits for its end. */
  stop(drainMs: number): Promise<void>;
  kill(): void;
}

/** Time to live of a registration, and how often it is renewed, in ms: two renewals may fail before it expires. */
const TTL_MS = 9000;
const RENEWAL_MS = 3000;
const REGISTRATION_DEADLINE_MS = 5000;

/** Parameters of a member of the chain. */
export interface Member {
  readonly depth: number;
  readonly level: number;
  readonly names: number;
}

/** What a member is registered as. */
export function memberName(level: number): string {
  return `nested-${level}`;
}

/**
 * Starts the companion servers of one member. All members are servers of one variant, with the same options; the name
 * server is an event loop, since it is not part of what is measured.
 *
 * @throws {ServerError} when a companion cannot be started
 */
export async function startChain(member: Member, setting: Setting): Promise<CompanionServers> {
  const { depth, level } = member;
  if (level > depth) throw usageError(`--set level=${level}: a chain of depth ${depth} has no such level`);
  if (level > 1 && member.names === 0) throw usageError('--set names: the port of a name server is needed');
  const companions: Companion[] = [];
  const start = async (variant: string, options: CommandOptions): Promise<Companion> => {
    const command = findVariant(variant)?.command(options);
    if (!command) throw unfitError(`there is no variant ${variant}`);
    const companion = await startCompanion(command);
    companions.push(companion);
    return companion;
  };
  const kill = (): void => companions.forEach((companion) => companion.kill());
  try {
    let { names } = member;
    if (names === 0) {
      const { drainMs } = setting.options;
      names = (await start('ts-loop', { service: 'names', drainMs: drainMs ?? 0, idleMs: 0 })).port;
      const others = Array.from({ length: depth - 1 }, (_, i) =>
        start(setting.variant, {
          ...setting.options,
          service: 'nested',
          port: 0,
          set: { depth, level: i + 2, names },
        }),
      );
      await Promise.all(others);
    }
    const port = names;
    let registration: Disposable | undefined;
    return {
      parameters: { ...member, names: port },
      listening: async (address) => {
        try {
          registration = await lease({ host: '127.0.0.1', port }, memberName(level), address);
        } catch (error) {
          throw unfitError(
            `cannot register with the name server on port ${port}: ${messageOf(error)}`,
            error,
          );
        }
      },
      stop: async (drainMs) => {
        registration?.[Symbol.dispose]();
        await Promise.all(companions.map((companion) => companion.stop(drainMs)));
      },
      kill,
    };
  } catch (error) {
    kill();
    throw error;
  }
}

/**
 * Starts a server as a child of this process, so that it belongs to the same tree, and waits until it is ready.
 *
 * @param command file and arguments of `node servers/main.ts …`
 * @throws {ServerError} when it ends before it is ready
 */
async function startCompanion(command: readonly string[]): Promise<Companion> {
  const [, main = '', ...args] = command;
  const child = fork(main, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const port = await Promise.race([readyPort(child), ended.then(() => undefined)]);
  if (port === undefined) throw unfitError(`a server of the chain did not start: ${args.join(' ')}`);
  // Its statistics are its own; read, so that it can write them.
  child.stdout?.resume();
  return {
    port,
    stop: async (drainMs) => {
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), drainMs + STOP_GRACE_MS);
      await ended;
      clearTimeout(timer);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

async function readyPort(child: ChildProcess): Promise<number | undefined> {
  if (!child.stdout) return undefined;
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const { event, port } = JSON.parse(line) as { readonly event: string; readonly port: number };
    if (event === 'ready') return port;
  }
  return undefined;
}

/** Registers a name and renews it until disposed of. @throws {CallFailed} when it cannot be registered at first */
async function lease(names: Address, name: string, place: Address): Promise<Disposable> {
  const register = async (): Promise<void> => {
    using client = new FramedClient('the name server', names);
    await client.call('names.register', { name, ...place, ttlMs: TTL_MS }, REGISTRATION_DEADLINE_MS);
  };
  await register();
  // A renewal that fails is tried again before the name expires; if that fails too, the name server is gone.
  const timer = setInterval(() => void register().catch(() => undefined), RENEWAL_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
