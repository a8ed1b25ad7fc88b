/** What every variant does with every service when all goes well. */
import assert from 'node:assert/strict';
import { serving } from './case.ts';
import type { Case } from './case.ts';
import { Client } from './client.ts';
import { start } from './server.ts';
import { converse } from './speech.ts';

const MANY = 12;

export const REGULAR_CASES: readonly Case[] = [
  {
    name: 'serves one client, then many, answers after a half-close, and settles its accounts',
    run: async (variant, service) => {
      await using server = await start(variant, { service, ...serving(variant, 3) });
      const visit = async (): Promise<void> => {
        using client = await Client.connect(server.port);
        await converse(client, service);
        assert.equal(await client.close(), 'closed');
      };
      await visit();
      await Promise.all(Array.from({ length: MANY }, visit));
      const stats = await server.stop();
      assert.equal(stats.accepted, MANY + 1);
      assert.equal(stats.served, MANY + 1);
      const rows = stats.workers.reduce((sum, { served }) => sum + served, 0);
      assert.equal(rows, variant.perConnection ? 0 : MANY + 1);
      if (variant.pool) assert.equal(stats.workers.length, 3);
      for (const [figure, value] of Object.entries(stats.service))
        assert.ok(value > 0, `${figure} was counted`);
    },
  },
];
