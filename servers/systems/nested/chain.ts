/** The servers of a chain: the first starts a name server and the others as its children; each registers its name. */
import { findVariant } from '../../catalogue.ts';
import type { CommandOptions } from '../../command-line.ts';
import { messageOf, unfitError, usageError } from '../../errors.ts';
import { startCompanion } from './companion.ts';
import type { Companion } from './companion.ts';
import { lease } from '../names/lease.ts';
import type { CompanionServers, Setting } from '../../services/api/service.ts';

/** Most servers in a chain. */
export const MAX_DEPTH = 8;

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
