/** What every variant does with every service when all goes well. */
import assert from 'node:assert/strict';
import type { ServiceName } from '../../../servers/services/registry.ts';
import type { Variant } from '../../../servers/variant.ts';
import { serving } from './case.ts';
import { Client } from './client.ts';
import { start } from './server.ts';
import { converse } from './speech.ts';

/** Serves one client, then many, answers after a half-close, and settles its accounts. */
export async function serves(variant: Variant, service: ServiceName): Promise<void> {
  // Where each costs a start of the runtime, two rounds through three places must do.
  const many = variant.perConnection && variant.language === 'ts' ? 6 : 12;
  await using server = await start(variant, { service, ...serving(variant, 3) });
  const visit = async (): Promise<void> => {
    using client = await Client.connect(server.port);
    await converse(client, service);
    assert.equal(await client.close(), 'closed');
  };
  await visit();
  await Promise.all(Array.from({ length: many }, visit));
  const stats = await server.stop();
  assert.equal(stats.accepted, many + 1);
  assert.equal(stats.served, many + 1);
  const rows = stats.workers.reduce((sum, { served }) => sum + served, 0);
  assert.equal(rows, variant.perConnection ? 0 : many + 1);
  if (variant.pool) assert.equal(stats.workers.length, 3);
  for (const [figure, value] of Object.entries(stats.service)) assert.ok(value > 0, `${figure} was counted`);
}
