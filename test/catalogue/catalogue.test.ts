import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from '../property.ts';
import { splitCommand } from '../../harness/catalogue/command-line.ts';
import { readManifest } from '../../harness/catalogue/manifest.ts';
import { selectScenarios } from '../../harness/catalogue/scenarios.ts';
import { chosenServers, DEFAULT_SERVERS, selectServers } from '../../harness/catalogue/servers.ts';
import { UsageError } from '../../harness/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-catalogue-'));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('a command line', () => {
  it('is cut as a shell would cut it', () => {
    assert.deepEqual(splitCommand(`a 'b c' "d \\"e\\"" f\\ g ''`), ['a', 'b c', 'd "e"', 'f g', '']);
    assert.throws(() => splitCommand('  '), UsageError);
    assert.throws(() => splitCommand('a "b'), /not closed/);
  });

  it('gives back whatever was quoted', () => {
    const quoted = (part: string): string => `'${part.replaceAll("'", `'\\''`)}'`;
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (parts) => {
        assert.deepEqual(splitCommand(parts.map(quoted).join('  ')), parts);
      }),
    );
  });
});

describe('a selection', () => {
  it('is the six classic models by default, each with a command that takes host and port', async () => {
    const scenarios = await selectScenarios(['session'], []);
    const servers = selectServers({ commands: [], manifest: [], sizing: {} }, scenarios);
    assert.deepEqual(
      servers.map(({ name }) => name),
      DEFAULT_SERVERS,
    );
    for (const { commands } of servers) {
      const command = commands['session'] ?? [];
      assert.ok(
        command.includes('{port}') && command.includes('{host}') && command.includes('session'),
        command.join(' '),
      );
    }
  });

  it('leaves out, of the servers that nobody named, those that cannot run the scenario, and says why', async () => {
    const scenarios = await selectScenarios(['chat'], []);
    const why = 'cannot run the service "chat" that scenario chat needs';
    for (const names of [undefined, ['all']]) {
      const selection = { ...(names ? { names } : {}), commands: [], manifest: [], sizing: {} };
      const { leftOut } = chosenServers(selection, scenarios);
      assert.deepEqual(leftOut[0], { server: 'ts-iterative', why });
      const servers = selectServers(selection, scenarios).map(({ name }) => name);
      assert.ok(servers.includes('ts-loop') && !servers.includes('ts-iterative'));
    }
    const named = { names: ['ts-iterative'], commands: [], manifest: [], sizing: {} };
    assert.throws(() => selectServers(named, scenarios), { message: new RegExp(`^ts-iterative ${why}`) });
  });

  it('says how many clients an architecture serves at once under the sizes that were given', async () => {
    const scenarios = await selectScenarios(['session'], []);
    const capacity = (name: string, sizing: Record<string, number>): unknown =>
      selectServers({ names: [name], commands: [], manifest: [], sizing }, scenarios)[0]?.analytic;
    assert.deepEqual(capacity('ts-iterative', {}), { kind: 'iterative' });
    assert.deepEqual(capacity('ts-loop', {}), { kind: 'unbounded' });
    assert.deepEqual(capacity('ts-prefork-accept', { workers: 4 }), { kind: 'pool', slots: 4 });
    assert.deepEqual(capacity('ts-prefork-accept', { workers: 4, slots: 3 }), { kind: 'pool', slots: 12 });
    assert.deepEqual(capacity('ts-prefork-accept', { slots: 0 }), { kind: 'unbounded' });
    assert.deepEqual(capacity('ts-thread', { limit: 10 }), { kind: 'pool', slots: 10 });
  });

  it('takes the capacity from what the scenario asks for, and none where scenarios differ', async () => {
    const capacity = async (...names: string[]): Promise<unknown> => {
      const scenarios = await selectScenarios(names, []);
      const selection = { names: ['ts-prefork-accept'], commands: [], manifest: [], sizing: {} };
      return selectServers(selection, scenarios)[0]?.analytic;
    };
    assert.deepEqual(await capacity('session'), { kind: 'pool', slots: 8 });
    assert.deepEqual(await capacity('held'), { kind: 'unbounded' });
    assert.equal(await capacity('session', 'held'), undefined);
  });

  it('takes settings for every scenario that has them, or for one by its name', async () => {
    const [session, echo] = await selectScenarios(['session', 'echo'], ['size=10', 'session.size=20', 'raw']);
    assert.equal(session?.planned.parameters['size'], 20);
    assert.equal(echo?.planned.parameters['size'], 10);
    assert.equal(echo?.planned.parameters['raw'], true);
    await assert.rejects(
      selectScenarios(['session'], ['raw']),
      /no scenario of this run has such a parameter/,
    );
  });
});

describe('a manifest', () => {
  const manifest = (value: unknown): string => {
    const path = join(folder, 'servers.json');
    writeFileSync(path, JSON.stringify(value));
    return path;
  };

  it('adds servers by a few lines', async () => {
    const servers = await readManifest(
      manifest({
        servers: [{ name: 'mine', command: "sh -c 'exec serve {port}'", slots: 1, stopSignal: 'SIGINT' }],
      }),
    );
    assert.deepEqual(servers, [
      {
        name: 'mine',
        command: ['sh', '-c', 'exec serve {port}'],
        stopSignal: 'SIGINT',
        analytic: { kind: 'iterative' },
      },
    ]);
    const scenarios = await selectScenarios(['echo'], []);
    const planned = selectServers({ commands: [], manifest: servers, sizing: {} }, scenarios);
    assert.equal(planned[0]?.announces, false);
  });

  for (const [value, says] of [
    [{}, /at servers/],
    [{ servers: [{ name: 'a' }] }, /at servers\.0\.command/],
    [{ servers: [{ name: '../a', command: 'x {port}' }] }, /at servers\.0\.name.*letters/],
    [{ servers: [{ name: 'a', command: 'x {port}', colour: 'red' }] }, /colour/],
    [{ servers: [{ name: 'a', command: 'x' }] }, /does not contain \{port\}/],
  ] as const) {
    it(`is refused with the place: ${JSON.stringify(value)}`, async () => {
      await assert.rejects(
        readManifest(manifest(value)),
        (error) => error instanceof UsageError && says.test(error.message),
      );
    });
  }
});
