/** Where clients wait when more come than are served at once, and for how long. */
import assert from 'node:assert/strict';
import { ERROR_CODES } from '../../../servers/wire/methods.ts';
import type { Variant } from '../../../servers/variant.ts';
import { oneAtOnce, serving } from './case.ts';
import type { Case } from './case.ts';
import { Client, ServerSaid } from './client.ts';
import { acceptedSocket } from './processes.ts';
import { start } from './server.ts';
import type { Server } from './server.ts';
import { beServed } from './speech.ts';
import { eventually } from '../../waiting.ts';

/** Connects; where the server itself lets clients wait, returns only when it has taken this one in. */
async function comeToWait(variant: Variant, server: Server): Promise<Client> {
  const client = await Client.connect(server.port);
  if (variant.waitsIn === 'server') {
    await eventually('the server to accept', () => acceptedSocket(server.port, client.port));
  }
  return client;
}

async function turnedAway(server: Server): Promise<void> {
  const client = await Client.connect(server.port);
  await assert.rejects(beServed(client), { name: 'ServerSaid', code: ERROR_CODES.busy });
  assert.equal(await client.ended(), 'closed');
}

/** A client that is served; who is turned away because no place was free in time comes again. */
function aServedClient(server: Server): Promise<Client> {
  return eventually('a client to be served', async () => {
    const client = await Client.connect(server.port);
    try {
      await beServed(client);
      return client;
    } catch (error) {
      if (!(error instanceof ServerSaid && error.code === ERROR_CODES.busy)) throw error;
      await client.ended();
      return undefined;
    }
  });
}

async function leave(client: Client): Promise<void> {
  await client.call('session.close', {});
  await client.ended();
}

export const WAITING_CASES: readonly Case[] = [
  {
    name: 'serves as many at once as it has workers, and the next when one leaves',
    without: (variant) => (oneAtOnce(variant) ? undefined : 'an event loop serves all at once'),
    run: async (variant) => {
      // Behind SO_REUSEPORT two clients may meet at one worker, so only one worker is sure to be full.
      const places = variant.analytic === 'iterative' || variant.analytic === 'partitioned' ? 1 : 2;
      await using server = await start(variant, {
        service: 'session',
        patienceMs: 0,
        ...serving(variant, places),
      });
      const served: Client[] = [];
      for (let i = 0; i < places; i += 1) {
        const client = await Client.connect(server.port);
        await beServed(client);
        served.push(client);
      }
      const next = await comeToWait(variant, server);
      let nextIsServed = false;
      const opening = beServed(next).then(() => (nextIsServed = true));
      for (const client of served) {
        for (let i = 0; i < 20; i += 1)
          await client.call('session.message', { payload: Buffer.from('held') });
      }
      assert.equal(nextIsServed, false, `${places + 1} are served by ${places}`);
      for (const client of [...served, next]) {
        if (client === next) await opening;
        await leave(client);
      }
      const stats = await server.stop();
      assert.equal(stats.served, places + 1);
      assert.equal(stats.waited, variant.waitsIn === 'server' ? 1 : 0);
    },
  },
  {
    name: 'serves an event loop’s clients all at once',
    without: (variant) => (oneAtOnce(variant) ? 'its workers serve one connection at once' : undefined),
    run: async (variant) => {
      await using server = await start(variant, { service: 'session', workers: 2 });
      const clients = await Promise.all(Array.from({ length: 40 }, () => Client.connect(server.port)));
      await Promise.all(clients.map(beServed));
      for (const client of clients) {
        await leave(client);
      }
      assert.equal((await server.stop()).served, clients.length);
    },
  },
  {
    name: 'turns a client away when its waiting period is over, and serves others on',
    without: (variant) => (variant.waitsIn === 'server' ? undefined : 'its clients wait in the kernel'),
    run: async (variant) => {
      await using server = await start(variant, {
        service: 'session',
        patienceMs: 150,
        ...serving(variant, 1),
      });
      const first = await aServedClient(server);
      await turnedAway(server);
      await leave(first);
      await leave(await aServedClient(server));
      const stats = await server.stop();
      assert.equal(stats.served, 2);
      assert.ok(stats.lost >= 1);
    },
  },
  {
    name: 'refuses at once who comes when its connections are full',
    without: (variant) =>
      variant.waitsIn === 'server' || variant.slots === 'any' ? undefined : 'nobody waits inside it',
    run: async (variant) => {
      const bounds = variant.waitsIn === 'server' ? serving(variant, 1) : { workers: 1, slots: 0 };
      await using server = await start(variant, {
        service: 'session',
        maxConnections: 2,
        patienceMs: 0,
        ...bounds,
      });
      const first = await Client.connect(server.port);
      await beServed(first);
      const second = await Client.connect(server.port);
      const third = await Client.connect(server.port);
      await assert.rejects(beServed(third), ServerSaid);
      assert.equal(await third.ended(), 'closed');
      for (const client of [first, second]) client.halfClose();
      await Promise.all([first.ended(), second.ended()]);
      const stats = await server.stop();
      assert.equal(stats.refused, 1);
      assert.equal(stats.accepted, 3);
    },
  },
];
