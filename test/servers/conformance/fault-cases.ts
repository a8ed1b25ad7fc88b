/** What becomes of the others when a client or a worker fails, and of everybody when the server is told to stop. */
import assert from 'node:assert/strict';
import { serving } from './case.ts';
import type { Case } from './case.ts';
import { Client } from './client.ts';
import { acceptedSocket, childrenOf, descendants, hasEnded, holdsSocket, stateOf } from './processes.ts';
import { start } from './server.ts';
import { beServed, isServed } from './speech.ts';
import { eventually, within } from '../../waiting.ts';

type Without = NonNullable<Case['without']>;

const withoutProcesses: Without = (variant) =>
  variant.processes ? undefined : 'it has no processes beside its main one';

/** The child that holds the server's end of a connection. */
function holder(pid: number, inode: number | undefined): number | undefined {
  return childrenOf(pid).find((child) => inode !== undefined && holdsSocket(child, inode));
}

/** Whether a newcomer finds nobody who listens. */
async function isRefused(port: number): Promise<boolean> {
  try {
    using _ = await Client.connect(port);
    return false;
  } catch {
    return true;
  }
}

async function visit(port: number): Promise<void> {
  const client = await Client.connect(port);
  await beServed(client);
  await client.call('session.close', {});
  await client.ended();
}

export const FAULT_CASES: readonly Case[] = [
  {
    name: 'ends a client that sends nothing, and counts it',
    sameUnderEveryModel: true,
    run: async (variant) => {
      await using server = await start(variant, { service: 'session', idleMs: 1000, ...serving(variant, 1) });
      const client = await Client.connect(server.port);
      await client.ended();
      // On a machine that is slow enough another may be taken for idle as well, and comes again.
      await eventually('another to be served', () => isServed(server.port, 'session'));
      const stats = await server.stop();
      assert.equal(stats.served, 1);
      assert.ok(stats.idled >= 1);
    },
  },
  {
    name: 'ends a client that asks for much and never reads, in bounded memory',
    run: async (variant) => {
      await using server = await start(variant, { service: 'stevens', idleMs: 1000, ...serving(variant, 1) });
      using greedy = await Client.connect(server.port);
      greedy.stopReading();
      greedy.send('1048576\n'.repeat(2000));
      // On a machine that is slow enough others may be taken for idle as well, and come again.
      await eventually('another to be served', () => isServed(server.port, 'stevens'));
      const stats = await server.stop();
      assert.ok(stats.idled >= 1, JSON.stringify(stats));
      assert.ok(
        (stats.service['bytes'] ?? 0) < 200e6,
        `${stats.service['bytes']} bytes were made for nobody`,
      );
    },
  },
  {
    name: 'loses only its connection with a worker that is killed, and fills the pool again',
    without: withoutProcesses,
    run: async (variant) => {
      await using server = await start(variant, { service: 'session', ...serving(variant, 3) });
      const before = childrenOf(server.pid).length;
      const first = await Client.connect(server.port);
      await beServed(first);
      const victim = await eventually('the worker that serves it', () =>
        holder(server.pid, acceptedSocket(server.port, first.port)),
      );
      const second = await Client.connect(server.port);
      // With event loops, or behind SO_REUSEPORT, both may have met at one worker; elsewhere it cannot be so.
      const apart = !variant.eventLoop && variant.analytic !== 'partitioned';
      if (apart) await beServed(second);
      process.kill(victim, 'SIGKILL');
      await first.ended();
      await eventually('the dead worker to be reaped', () => stateOf(victim) === undefined);
      if (variant.pool) {
        await eventually('the pool to be filled', () => childrenOf(server.pid).length === before);
      }
      if (apart) {
        await second.call('session.message', { payload: Buffer.from('still here') });
        await second.call('session.close', {});
      } else {
        second.halfClose();
      }
      await second.ended();
      for (let i = 0; i < 4; i += 1) await visit(server.port);
      const stats = await server.stop();
      assert.ok(stats.broken >= 1 && stats.broken <= (variant.eventLoop ? 2 : 1), JSON.stringify(stats));
      assert.ok(stats.served >= (apart ? 5 : 4), JSON.stringify(stats));
    },
  },
  ...(['SIGTERM', 'SIGINT'] as const).map((signal): Case => ({
    name: `stops on ${signal}: refuses newcomers, lets a connection finish`,
    ...(signal === 'SIGINT' ? { sameUnderEveryModel: true } : {}),
    run: async (variant) => {
      await using server = await start(variant, { service: 'session', ...serving(variant, 1) });
      const client = await Client.connect(server.port);
      await beServed(client);
      const stopped = server.stop(signal);
      await eventually('newcomers to be refused', () => isRefused(server.port));
      await client.call('session.message', { payload: Buffer.from('still here') });
      await client.call('session.close', {});
      await client.ended();
      const stats = await stopped;
      // Those who came to see whether newcomers are refused may be among the served.
      assert.ok(stats.served >= 1 && stats.broken === 0, JSON.stringify(stats));
    },
  })),
  {
    name: 'gives up who does not finish within the drain deadline',
    run: async (variant) => {
      await using server = await start(variant, { service: 'session', drainMs: 150, ...serving(variant, 1) });
      const client = await Client.connect(server.port);
      await beServed(client);
      const stats = await server.stop();
      await client.ended();
      assert.deepEqual([stats.served, stats.broken], [0, 1]);
    },
  },
  {
    name: 'ends at once at a second signal',
    run: async (variant) => {
      await using server = await start(variant, {
        service: 'session',
        drainMs: 60_000,
        ...serving(variant, 1),
      });
      const client = await Client.connect(server.port);
      await beServed(client);
      const family = descendants(server.pid);
      server.signal('SIGTERM');
      await eventually('newcomers to be refused', () => isRefused(server.port));
      server.signal('SIGTERM');
      const { code, signal } = await within('the end', server.ended);
      assert.ok(code !== 0 || signal !== null);
      await eventually('its children to end', () => family.every(hasEnded));
    },
  },
  {
    name: 'leaves no children when it is killed itself',
    without: withoutProcesses,
    run: async (variant) => {
      await using server = await start(variant, { service: 'session', ...serving(variant, 2) });
      const client = await Client.connect(server.port);
      await beServed(client);
      const family = descendants(server.pid);
      assert.ok(family.length > 0);
      server.signal('SIGKILL');
      await eventually('its children to end', () => family.every(hasEnded));
    },
  },
];
