import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { planArms, type Arm } from '../../harness/lab/tables/arm.ts';
import { splitCores } from '../../harness/lab/tables/cores.ts';
import { measureArms } from '../../harness/lab/tables/measure.ts';
import { stevensArms, stevensRows } from '../../harness/lab/stevens/stevens.ts';

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

void test('every round holds every arm once, under its own load only', async () => {
  const load = { id: 'small', scenario: 'stevens', parameters: { loops: 5 }, clients: 2 };
  const other = { ...load, id: 'large', parameters: { loops: 50 }, clients: 4 };
  const arms: readonly Arm[] = [
    { name: 'one', variant: 'ts-loop', sizing: {}, load },
    { name: 'two', variant: 'ts-prefork-accept', sizing: { workers: 3 }, load: other },
    { name: 'three', variant: 'ts-loop', sizing: {}, settings: { key: 'value' }, load: other },
  ];
  const plan = await planArms(arms, 2, 1, { server: '0', clients: '1' });
  const seen = plan.trials.map(({ server, scenario, clients, repetition }) =>
    [repetition, server, scenario, clients].join(' '),
  );
  assert.deepEqual(seen.toSorted(), [
    '1 one small 2',
    '1 three large 4',
    '1 two large 4',
    '2 one small 2',
    '2 three large 4',
    '2 two large 4',
  ]);
  const commands = new Map(plan.servers.map(({ name, commands: by }) => [name, Object.values(by)[0] ?? []]));
  assert.deepEqual(commands.get('one')?.slice(0, 3), ['taskset', '--cpu-list', '0']);
  assert.deepEqual(commands.get('three')?.slice(-2), ['--set', 'key=value']);
  assert.ok(commands.get('two')?.join(' ').includes('--workers 3'));
});

void test('a table is measured with real servers, and its rows tell what their workers served', async () => {
  const measured = await measureArms(TINY, { rounds: 1, withinMs: 60_000 }, () => undefined, never);
  assert.deepEqual(measured.failures, []);
  assert.equal(measured.rounds, 1);
  const rows = stevensRows(measured.trials, 'ts');
  assert.ok((rows[0]?.cpuPerConnectionUs ?? 0) > 0);
  assert.equal(rows[2]?.distribution?.workers, 2);
  assert.equal((rows[2]?.distribution?.min ?? 0) + (rows[2]?.distribution?.max ?? 0), 10);
});

void test('no round is begun for which there is no time, and the first always is', async () => {
  const measured = await measureArms(TINY.slice(0, 1), { rounds: 3, withinMs: 0 }, () => undefined, never);
  assert.equal(measured.rounds, 1);
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
