import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { test } from 'node:test';
import { CATALOGUE, findVariant } from '../../servers/catalogue.ts';
import { readOptions } from '../../servers/options.ts';

test('every name is there once, and is found', () => {
  assert.equal(new Set(CATALOGUE.map(({ name }) => name)).size, CATALOGUE.length);
  for (const variant of CATALOGUE) assert.equal(findVariant(variant.name), variant);
  assert.equal(findVariant('ts-nothing'), undefined);
});

test('a command is absolute and is understood by the server it starts', async () => {
  for (const variant of CATALOGUE) {
    const argv = variant.command({
      service: 'work',
      port: 0,
      workers: 3,
      limit: 5,
      patienceMs: 10,
      drainMs: 20,
      maxConnections: 30,
      idleMs: 40,
      backlog: 50,
      set: { cpu: '2ms', heavyShare: 0 },
    });
    assert.ok(isAbsolute(argv[0] ?? ''));
    if (variant.language === 'c') continue;
    assert.ok(existsSync(argv[1] ?? ''));
    const { config, serviceName } = await readOptions(argv.slice(2));
    assert.equal(serviceName, 'work');
    assert.equal(config.workers, variant.pool ? 3 : 1);
    assert.equal(config.limit, variant.waitsIn === 'server' ? 5 : 0);
    assert.deepEqual(
      [config.patienceMs, config.drainMs, config.maxConnections, config.idleMs, config.backlog],
      [10, 20, 30, 40, 50],
    );
    assert.deepEqual(config.service.parameters, { cpu: 2000, heavy: 20_000, heavyShare: 0, seed: 1 });
  }
});

test('defaults follow the contract', async () => {
  const slotsOf = async (name: string): Promise<number[]> => {
    const { config } = await readOptions([name]);
    return [config.slots, config.limit, config.workers];
  };
  assert.deepEqual(await slotsOf('ts-prefork-accept'), [1, 0, 8]);
  assert.deepEqual(await slotsOf('ts-loop'), [0, 0, 1]);
  assert.deepEqual(await slotsOf('ts-fork'), [1, 64, 1]);
  assert.deepEqual(await slotsOf('ts-cluster'), [0, 0, 8]);
});
