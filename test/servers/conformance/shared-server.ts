/** Takes one server through cases that leave it as they found it, and checks at its end that it counted all of them. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Variant } from '../../../servers/variant.ts';
import { serving } from './case.ts';
import type { Counts, SharedCase } from './case.ts';
import { start } from './server.ts';

/** Each case is a test below `t`, and so is the count. */
export async function shareServer(
  t: TestContext,
  variant: Variant,
  cases: readonly SharedCase[],
): Promise<void> {
  await using server = await start(variant, { service: 'echo', ...serving(variant, 2) });
  const expected: Counts = { served: 0, reset: 0, broken: 0 };
  for (const each of cases) {
    await t.test(each.name, async () => {
      const counts = await each.run(server, variant);
      for (const name of Object.keys(expected) as (keyof Counts)[]) expected[name] += counts[name] ?? 0;
    });
  }
  await t.test('has counted all of that, one by one', async () => {
    const { served, reset, broken } = await server.stop();
    assert.deepEqual({ served, reset, broken }, expected);
  });
}
