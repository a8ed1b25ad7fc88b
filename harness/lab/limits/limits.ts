/**
 * The limits of the load engine on this machine: what a message, a connection and holding one cost it, in turn with a
 * bare C epoll client, autocannon, and wrk where it is installed.
 *
 *     make servers && node harness/lab/limits/limits.ts [ROUNDS] [ROW…]
 *
 * CPU time for each message is the slope between a short and a long load, so that what is spent once (connecting,
 * compiling) cancels out. Every figure is the median over the rounds; contenders take turns within each round.
 */
import type { LoadResult } from '../../results/schema/load.ts';
import { readEnvironment } from '../../observe/machine/environment.ts';
import { planCapacity } from '../../load/capacity.ts';
import { machineLimits } from '../../load/capacity.ts';
import { autocannon, bareClient, has, load, scenario, startHttp, startNative, wrk } from './contenders.ts';

/** One line of the table. */
interface Row {
  readonly what: string;
  readonly ours: string;
  readonly theirs: string;
  readonly reached: string;
  readonly goal: string;
}

const ROUNDS = Number(process.argv[2] ?? 3);
const SHORT_MS = 500;
const LONG_MS = 1500;
/** Clients that think make a tenth of the exchanges, and V8 compiles by their number. */
const THINKING_MS = 1000;
const SIZE = 64;
const addresses = (connections: number): readonly string[] =>
  Array.from({ length: Math.ceil(connections / 10_000) + 1 }, (_, k) => `127.0.0.${k + 1}`);

/** CPU µs of the generators. */
function cpuUs(result: LoadResult): number {
  return result.generators.reduce((sum, one) => sum + (one.cpuUserNs + one.cpuSystemNs) / 1000, 0);
}

/** CPU µs for each exchange, as the slope between a short and a long load. */
async function perExchange(
  port: number,
  clients: number,
  scenarioModule: string,
  parameters: Record<string, string | number | boolean>,
  startMs = 0,
): Promise<number> {
  const [short, long] = [startMs + SHORT_MS, startMs + LONG_MS];
  const one = { port, clients, scenarioModule, hosts: addresses(clients) };
  const first = await load({ ...one, parameters: { ...parameters, duration: short } });
  const second = await load({ ...one, parameters: { ...parameters, duration: long } });
  return (cpuUs(second) - cpuUs(first)) / (second.exchanges.completed - first.exchanges.completed);
}

const ECHO = { size: SIZE, think: '0', rate: 0, arrivals: 'constant', raw: false };

function plain(port: number, clients: number): Promise<number> {
  return perExchange(port, clients, 'builtin:echo', ECHO, clients / 5);
}

/** The medians of contenders that take turns. */
async function inTurn(...contenders: readonly (() => Promise<number>)[]): Promise<readonly number[]> {
  const rounds: number[][] = contenders.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [k, contender] of contenders.entries()) rounds[k]?.push(await contender());
  }
  return rounds.map((values) => values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? Number.NaN);
}

const us = (value: number): string => `${value.toFixed(2)} µs`;

async function exchangeRow(clients: number): Promise<Row> {
  await using server = await startNative('c-epoll', '--service', 'echo');
  const [ours = 0, bare = 0] = await inTurn(
    () => plain(server.port, clients),
    () => bareClient(server.port, '--connections', String(clients), '--seconds', '1'),
  );
  return {
    what: `CPU per message, ${clients} connections`,
    ours: us(ours),
    theirs: `C ${us(bare)}`,
    reached: `${(ours / bare).toFixed(2)} ×`,
    goal: '≤ 1.25 ×',
  };
}

async function logicRow(clients: number, thinkMs: number): Promise<Row> {
  await using server = await startNative('c-epoll', '--service', 'echo');
  const [ours = 0, bare = 0] = await inTurn(
    () => perExchange(server.port, clients, scenario('logic'), { think: thinkMs, size: SIZE }, THINKING_MS),
    () =>
      bareClient(
        server.port,
        '--connections',
        String(clients),
        '--seconds',
        '1',
        '--think-ms',
        String(thinkMs),
      ),
  );
  return {
    what: `the same, thinking ${thinkMs} ms, with logic, ${clients} connections`,
    ours: us(ours),
    theirs: `C ${us(bare)}`,
    reached: `${(ours / bare).toFixed(2)} ×`,
    goal: '≤ 1.6 ×',
  };
}

async function churnRow(): Promise<Row> {
  await using server = await startNative('c-epoll', '--service', 'echo');
  const clients = 50;
  const [ours = 0, bare = 0] = await inTurn(
    () => perExchange(server.port, clients, scenario('churn'), { size: SIZE }),
    () =>
      bareClient(server.port, '--mode', 'connect', '--connections', '50', '--seconds', '1', '--hosts', '2'),
  );
  return {
    what: 'CPU per connect + exchange + close',
    ours: us(ours),
    theirs: `C ${us(bare)}`,
    reached: `${(bare / ours).toFixed(2)} × the rate`,
    goal: '≥ 0.5 ×',
  };
}

async function growthRow(): Promise<Row> {
  await using server = await startNative('c-epoll', '--service', 'echo');
  const bare = (connections: number) =>
    bareClient(server.port, '--connections', `${connections}`, '--seconds', '1', '--hosts', '2');
  // The kernel's own cost grows too, as its sockets fit into no cache any more: the bare client shows by how much.
  const [few = 0, many = 0, bareFew = 0, bareMany = 0] = await inTurn(
    () => plain(server.port, 100),
    () => plain(server.port, 10_000),
    () => bare(100),
    () => bare(10_000),
  );
  return {
    what: 'CPU per message, 10,000 connections against 100',
    ours: `${us(many)} against ${us(few)}`,
    theirs: `C ${us(bareMany)} against ${us(bareFew)}: ${(bareMany / bareFew).toFixed(2)} ×`,
    reached: `${(many / few).toFixed(2)} ×`,
    goal: '≤ 1.5 ×',
  };
}

async function memoryRow(): Promise<Row> {
  await using server = await startNative('c-epoll', '--service', 'echo');
  const rss = async (clients: number): Promise<number> => {
    const held = await load({
      port: server.port,
      clients,
      hosts: addresses(clients),
      scenarioModule: scenario('held'),
      parameters: { duration: 5000, size: SIZE },
      rampMs: 1500,
    });
    if (held.peakEstablished < clients)
      throw new Error(`only ${held.peakEstablished} of ${clients} were held`);
    return held.generators[0]?.peakRssBytes ?? Number.NaN;
  };
  const [few, many] = [await rss(2000), await rss(12_000)];
  return {
    what: 'memory of the generator per held connection',
    ours: `${((many - few) / 10_000 / 1000).toFixed(2)} kB`,
    theirs: '',
    reached: '',
    goal: '≤ 4.5 kB',
  };
}

async function holdRow(): Promise<Row> {
  const clients = 50_000;
  const plan = planCapacity(
    { clients, host: '127.0.0.1', spreads: true, serverProcesses: 4 },
    machineLimits(readEnvironment()),
  );
  const what = '50,000 connections held at once, each proven by an exchange';
  if (plan.kind === 'refused')
    return { what, ours: 'refused', theirs: '', reached: plan.message, goal: 'all' };
  await using server = await startNative(
    'c-prefork-epoll',
    '--service',
    'echo',
    '--workers',
    '4',
    // Shared accept is uneven: without a limit one worker takes more than its descriptors.
    '--slots',
    '15000',
    '--max-connections',
    '100000',
  );
  const held = await load(
    {
      port: server.port,
      clients,
      hosts: plan.hosts,
      scenarioModule: scenario('held'),
      parameters: { duration: 10_000, size: SIZE },
      rampMs: 6000,
    },
    plan.generators,
  );
  return {
    what,
    ours: `${held.peakEstablished}`,
    theirs: `${plan.generators} generators, ${plan.hosts.length} addresses`,
    reached: held.peakEstablished >= clients ? 'all' : `errors ${JSON.stringify(held.connects.errors)}`,
    goal: 'all',
  };
}

async function httpRow(): Promise<Row> {
  await using server = await startHttp();
  const [cannon = 0, other = Number.NaN] = await inTurn(
    () => autocannon(server.port, 50, 2),
    ...(has('wrk') ? [() => wrk(server.port, 50, 2)] : []),
  );
  return {
    what: 'for scale: CPU per HTTP request, 50 connections',
    ours: '',
    theirs: `autocannon ${us(cannon)}, ${Number.isNaN(other) ? 'wrk is not installed' : `wrk ${us(other)}`}`,
    reached: '',
    goal: '',
  };
}

const ROWS: Readonly<Record<string, () => Promise<Row>>> = {
  'message-50': () => exchangeRow(50),
  'message-500': () => exchangeRow(500),
  'logic-50': () => logicRow(50, 1),
  'logic-500': () => logicRow(500, 5),
  connect: churnRow,
  growth: growthRow,
  memory: memoryRow,
  hold: holdRow,
  http: httpRow,
};

const asked = process.argv.slice(3);
const unknown = asked.find((name) => !(name in ROWS));
if (unknown !== undefined) {
  process.stderr.write(
    `limits: there is no row '${unknown}'; give some of ${Object.keys(ROWS).join(', ')}.\n`,
  );
  process.exit(2);
}
process.stdout.write(`| what | Holdfast | beside it | reached | goal |\n|---|---|---|---|---|\n`);
for (const [name, row] of Object.entries(ROWS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const { what, ours, theirs, reached, goal } = await row();
  process.stdout.write(`| ${what} | ${ours} | ${theirs} | ${reached} | ${goal} |\n`);
}
