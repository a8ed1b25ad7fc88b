/** What a server that cheats gets away with: nothing. Each wrong answer is counted, and makes the trial not valid. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { checkValidity } from '../../../harness/load/accounts/validity.ts';
import type { ErrorKind, LoadResult } from '../../../harness/results/schema/load.ts';
import { runBuiltin } from '../../scenarios/run-builtin.ts';
import { serveCheatingBytes, serveCheatingFrames, type Fault } from '../fixtures/cheat.ts';
import { serve, type TestServer } from '../fixtures/servers.ts';

const CLIENTS = 4;

/** The kind of error that each fault is counted as; undefined: none; of two it depends on what comes first. */
type Kinds = Readonly<Partial<Record<Fault, ErrorKind | readonly ErrorKind[] | undefined>>>;

const IN_FRAMES: Kinds = {
  none: undefined,
  unasked: 'protocol',
  early: 'protocol',
  remembered: 'protocol',
  swapped: 'protocol',
  corrupt: 'mismatch',
  shorter: 'mismatch',
  longer: 'mismatch',
  half: 'closed',
  method: 'mismatch',
};

const IN_BYTES: Kinds = {
  none: undefined,
  unasked: ['protocol', 'mismatch'],
  early: 'protocol',
  remembered: 'mismatch',
  swapped: 'mismatch',
  corrupt: 'mismatch',
  shorter: 'closed',
  longer: 'protocol',
  half: 'closed',
};

const SCENARIOS = {
  echo: [{ duration: '60s' }, IN_FRAMES, serveCheatingFrames],
  'echo raw': [{ duration: '60s', raw: 'true' }, IN_BYTES, serveCheatingBytes],
  'echo of many bytes': [{ duration: '60s', size: '5000' }, { corrupt: 'mismatch' }, serveCheatingFrames],
  session: [{ exchanges: '5', think: '1ms', patience: '60s' }, IN_FRAMES, serveCheatingFrames],
  held: [{ hold: '60s', every: '10ms' }, IN_FRAMES, serveCheatingFrames],
} as const satisfies Record<
  string,
  readonly [Readonly<Record<string, string>>, Kinds, (fault: Fault) => Promise<TestServer>]
>;

/** A load that no error ends goes on for so long. */
const BRIEFLY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  echo: { duration: '60ms' },
  held: { hold: '100ms' },
};

function isBelieved(load: LoadResult): boolean | undefined {
  return checkValidity(load, { holds: false }).find(({ id }) => id === 'answers')?.ok;
}

for (const [name, [settings, kinds, cheat]] of Object.entries(SCENARIOS)) {
  for (const [fault, kind] of Object.entries(kinds)) {
    void test(`${name}: a server whose fault is "${fault}" is counted as ${kind ? [kind].flat().join(' or ') : 'no error'}`, async () => {
      await using server = await cheat(fault as Fault);
      const [id = ''] = name.split(' ');
      const load = await runBuiltin(
        id,
        server.port,
        CLIENTS,
        kind ? settings : { ...settings, ...BRIEFLY[id] },
      );
      const { errors } = load.exchanges;
      if (kind === undefined) {
        assert.deepEqual(errors, {});
        assert.equal(load.clients.completed, CLIENTS);
      } else {
        // A client that is not answered any more may see its connection end as well.
        const counted = [kind].flat().reduce((sum, one) => sum + (errors[one] ?? 0), 0);
        assert.ok(counted > 0, `${fault}: ${JSON.stringify(errors)}`);
        assert.ok(load.clients.failed > 0);
      }
      assert.equal(isBelieved(load), kind === undefined || kind === 'closed');
    });
  }
}

void test('one wrong answer in twenty is counted as one in twenty', async () => {
  await using server = await serveCheatingFrames('corrupt', 20);
  const { exchanges, clients } = await runBuiltin('echo', server.port, 50, { duration: '60s' });
  assert.equal(clients.failed, 50);
  assert.equal(exchanges.errors.mismatch, 50);
  assert.equal(Math.round(exchanges.attempted / 50), 20);
});

void test('a server that does not read how many bytes are asked for is found out', async () => {
  await using server = await serve((socket) => socket.write(Buffer.alloc(4000, 'x')));
  const load = await runBuiltin('stevens', server.port, 2, { loops: '200' });
  assert.ok((load.exchanges.errors.protocol ?? 0) > 0);
  assert.equal(isBelieved(load), false);
});

void test('bytes sent at a steady pace, whatever is asked, answer nothing', async () => {
  await using server = await serve((socket) => {
    const timer = setInterval(() => socket.write(Buffer.alloc(64, 'a')), 1);
    socket.on('close', () => clearInterval(timer));
  });
  const load = await runBuiltin('echo', server.port, 1, { raw: 'true', duration: '60s' });
  assert.equal(load.exchanges.completed, 0);
  assert.equal(isBelieved(load), false);
});
