import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { measureInRounds, roundsOf } from '../../harness/lab/rounds.ts';
import { measureArms, resolveArm, type Arm } from '../../harness/lab/stevens/measure.ts';
import { stevensArms, stevensRows } from '../../harness/lab/stevens/stevens.ts';
import { splitCores } from '../../harness/rig/cores.ts';

const never = new AbortController().signal;

const TINY = stevensArms({ language: 'ts', children: 2, loops: 5, bytes: 100, workers: 2 }).filter(
  ({ variant }) => variant === 'ts-iterative' || variant === 'ts-prefork-accept',
);

void test('the first core is for the server and all others are for the clients', () => {
  assert.deepEqual(splitCores('0-1'), { server: '0', clients: '1' });
  assert.deepEqual(splitCores('2,4-6'), { server: '2', clients: '4,5,6' });
  assert.equal(splitCores('3'), undefined);
  assert.equal(splitCores(''), undefined);
});

void test('every round measures every arm once, in an order of its own', async () => {
  const arms = ['one', 'two', 'three', 'four', 'five'];
  const seen: string[] = [];
  const orders: string[][] = [];
  const closed: number[] = [];
  const measured = await measureInRounds<string, string>(
    arms,
    { rounds: 4, withinMs: 60_000 },
    {
      nameOf: (arm) => arm,
      openRound: () => {
        const order: string[] = [];
        orders.push(order);
        return Promise.resolve({
          [Symbol.asyncDispose]: () => Promise.resolve(void closed.push(order.length)),
        });
      },
      measure: (arm, round) => {
        orders.at(-1)?.push(arm);
        seen.push(`${round} ${arm}`);
        if (round === 2 && arm === 'two') throw new Error('it fell over');
        return Promise.resolve([`${arm} in ${round}`]);
      },
      onEvent: () => undefined,
      signal: never,
    },
  );
  assert.equal(new Set(seen).size, 20);
  assert.equal(seen.length, 20);
  assert.ok(new Set(orders.map(String)).size > 1);
  assert.deepEqual(closed, [5, 5, 5, 5]);
  assert.equal(measured.figures.length, 19);
  assert.deepEqual(measured.failures, ['two: it fell over']);
  assert.equal(measured.rounds, 4);
});

void test('no round is begun that would probably end too late, and the first always is', () => {
  const after = (roundMs: number, withinMs: number): number => {
    let clock = 0;
    let count = 0;
    for (const _ of roundsOf({ rounds: 10, withinMs }, () => clock)) {
      clock += roundMs;
      count += 1;
    }
    return count;
  };
  assert.equal(after(1000, 0), 1);
  assert.equal(after(1000, 3000), 3);
  assert.equal(after(1000, 2999), 2);
  assert.equal(after(1, 60_000), 10);
});

void test('an arm is started with the sizes and settings that it asks for', async () => {
  const load = { scenario: 'stevens', parameters: { loops: 50 }, clients: 4 };
  const commandOf = async (arm: Omit<Arm, 'name' | 'load'>): Promise<readonly string[]> => {
    const { server, scenario, clients } = await resolveArm({ name: 'one', load, ...arm });
    assert.deepEqual([server.name, scenario.parameters['loops'], clients], ['one', 50, 4]);
    return Object.values(server.commands)[0] ?? [];
  };
  const settings = { key: 'value' };
  assert.deepEqual((await commandOf({ variant: 'ts-loop', sizing: {}, settings })).slice(-2), [
    '--set',
    'key=value',
  ]);
  const pool = await commandOf({ variant: 'ts-prefork-accept', sizing: { workers: 3 } });
  assert.ok(pool.join(' ').includes('--workers 3'));
});

void test('a table is measured with real servers, and its rows tell what their workers served', async () => {
  const measured = await measureArms(TINY, { rounds: 1, withinMs: 60_000 }, () => undefined, never);
  const trials = Map.groupBy(measured.figures, ({ trial }) => trial.server);
  assert.deepEqual(measured.failures, []);
  assert.equal(measured.rounds, 1);
  const rows = stevensRows(trials, 'ts');
  assert.ok((rows[0]?.cpuPerConnectionUs ?? 0) > 0);
  assert.equal(rows[2]?.distribution?.workers, 2);
  assert.equal((rows[2]?.distribution?.min ?? 0) + (rows[2]?.distribution?.max ?? 0), 10);
});

void test('a table that is interrupted is none', async () => {
  const stop = new AbortController();
  const measuring = measureArms(
    TINY,
    { rounds: 5, withinMs: 60_000 },
    () => stop.abort('SIGINT'),
    stop.signal,
  );
  await assert.rejects(measuring, (error: unknown) => error === 'SIGINT');
});
