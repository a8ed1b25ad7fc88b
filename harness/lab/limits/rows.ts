/**
 * The limits of the load engine on this machine: what a message, a connection and holding one cost it, in turn with a
 * bare C epoll client, autocannon, and wrk where it is installed. One row, one figure and its goal.
 */
import { UnfitError } from '../../errors.ts';
import { machineLimits, planCapacity } from '../../load/capacity.ts';
import type { BareLoad } from '../bare-client.ts';
import {
  autocannon,
  bareClient,
  hasWrk,
  load,
  RECONNECT,
  scenario,
  startHttp,
  startNative,
  wrk,
  type Contest,
} from './contenders.ts';
import { addresses, cpuUsPerExchange, mediansInTurn, type Exchanges } from './cost.ts';

/** What is measured for one line of the table. */
export interface LimitRow {
  /** By which it is asked for. */
  readonly name: string;
  readonly what: string;
  readonly goal: string;
  readonly measure: (contest: Contest) => Promise<Limit>;
}

/** Figures with their units, as they are shown. */
export interface Limit {
  readonly ours: string;
  readonly theirs: string;
  readonly reached: string;
}

const SIZE = 64;
const ECHO_SERVER = ['c-epoll', '--service', 'echo'];

/** Clients that think make a tenth of the exchanges, and V8 compiles by their number: both loads begin with this, in ms. */
const THINKING_MS = 1000;

/** The row of a load that the generator and the bare client make in turn, against the same server. */
function comparison(
  row: Omit<LimitRow, 'measure'>,
  ours: Exchanges,
  bare: Omit<BareLoad, 'connections' | 'seconds'>,
  reached = (oursUs: number, bareUs: number) => times(oursUs / bareUs),
): LimitRow {
  const connections = ours.clients;
  return {
    ...row,
    async measure(contest) {
      await using server = await startNative(contest, ...ECHO_SERVER);
      const us = await mediansInTurn(contest, {
        ours: () => cpuUsPerExchange(contest, server.port, ours),
        bare: () => bareClient(contest, server.port, { ...bare, connections, seconds: 1 }),
      });
      return { ours: inUs(us.ours), theirs: `C ${inUs(us.bare)}`, reached: reached(us.ours, us.bare) };
    },
  };
}

function messageRow(clients: number): LimitRow {
  const what = `CPU per message, ${clients} connections`;
  return comparison({ name: `message-${clients}`, what, goal: '≤ 1.25 ×' }, plain(clients), { mode: 'hold' });
}

function logicRow(clients: number, thinkMs: number): LimitRow {
  const what = `the same, thinking ${thinkMs} ms, with logic, ${clients} connections`;
  const parameters = { think: thinkMs, size: SIZE };
  const ours = { clients, scenarioModule: scenario('logic'), parameters, startMs: THINKING_MS };
  return comparison({ name: `logic-${clients}`, what, goal: '≤ 1.6 ×' }, ours, { mode: 'hold', thinkMs });
}

/** Plain echo exchanges; connections are made before the slope begins. */
function plain(clients: number): Exchanges {
  const parameters = { size: SIZE, think: '0', rate: 0, arrivals: 'constant', raw: false };
  return { clients, scenarioModule: 'builtin:echo', parameters, startMs: clients / 5 };
}

export const LIMIT_ROWS: readonly LimitRow[] = [
  messageRow(50),
  messageRow(500),
  logicRow(50, 1),
  logicRow(500, 5),
  comparison(
    { name: 'connect', what: 'CPU per connect + exchange + close', goal: '≥ 0.5 ×' },
    { clients: 50, scenarioModule: RECONNECT, parameters: { size: SIZE } },
    { mode: 'connect', sources: 2 },
    (oursUs, bareUs) => `${times(bareUs / oursUs)} the rate`,
  ),
  {
    name: 'growth',
    what: 'CPU per message, 10,000 connections against 100',
    goal: '≤ 1.5 ×',
    async measure(contest) {
      await using server = await startNative(contest, ...ECHO_SERVER);
      const bare = (connections: number) =>
        bareClient(contest, server.port, { mode: 'hold', connections, seconds: 1, sources: 2 });
      // The kernel's own cost grows too, as its sockets fit into no cache any more: the bare client shows by how much.
      const { few, many, bareFew, bareMany } = await mediansInTurn(contest, {
        few: () => cpuUsPerExchange(contest, server.port, plain(100)),
        many: () => cpuUsPerExchange(contest, server.port, plain(10_000)),
        bareFew: () => bare(100),
        bareMany: () => bare(10_000),
      });
      return {
        ours: `${inUs(many)} against ${inUs(few)}`,
        theirs: `C ${inUs(bareMany)} against ${inUs(bareFew)}: ${times(bareMany / bareFew)}`,
        reached: times(many / few),
      };
    },
  },
  {
    name: 'memory',
    what: 'memory of the generator per held connection',
    goal: '≤ 4.5 kB',
    async measure(contest) {
      await using server = await startNative(contest, ...ECHO_SERVER);
      const rss = async (clients: number): Promise<number> => {
        const held = await load(contest, {
          port: server.port,
          clients,
          sources: addresses(clients),
          scenarioModule: scenario('held'),
          parameters: { duration: 5000, size: SIZE },
          rampMs: 1500,
        });
        if (held.peakEstablished < clients)
          throw new UnfitError(`Only ${held.peakEstablished} of ${clients} connections were held.`);
        return held.generators[0]?.peakRssBytes ?? Number.NaN;
      };
      const [few, many] = [await rss(2000), await rss(12_000)];
      return { ours: `${((many - few) / 10_000 / 1000).toFixed(2)} kB`, theirs: '', reached: '' };
    },
  },
  {
    name: 'hold',
    what: '50,000 connections held at once, each proven by an exchange',
    goal: 'all',
    measure: hold,
  },
  {
    name: 'http',
    what: 'for scale: CPU per HTTP request, 50 connections',
    goal: '',
    async measure(contest) {
      await using server = await startHttp(contest);
      const cannon = () => autocannon(contest, server.port);
      const other = () => wrk(contest, server.port);
      const figures: { cannon: number; other?: number } = (await hasWrk())
        ? await mediansInTurn(contest, { cannon, other })
        : await mediansInTurn(contest, { cannon });
      const ofWrk = figures.other === undefined ? 'wrk is not installed' : `wrk ${inUs(figures.other)}`;
      return { ours: '', theirs: `autocannon ${inUs(figures.cannon)}, ${ofWrk}`, reached: '' };
    },
  },
];

async function hold(contest: Contest): Promise<Limit> {
  const clients = 50_000;
  const plan = planCapacity({ clients, serverProcesses: 4 }, machineLimits(contest.environment));
  if (plan.kind === 'refused') return { ours: 'refused', theirs: '', reached: plan.message };
  await using server = await startNative(
    contest,
    ...['c-prefork-epoll', '--service', 'echo', '--workers', '4'],
    // Shared accept is uneven: without a limit one worker takes more than its descriptors.
    ...['--slots', '15000', '--max-connections', '100000'],
  );
  const held = await load(
    contest,
    {
      port: server.port,
      clients,
      sources: plan.sources,
      scenarioModule: scenario('held'),
      parameters: { duration: 10_000, size: SIZE },
      rampMs: 6000,
    },
    plan.generators,
  );
  return {
    ours: `${held.peakEstablished}`,
    theirs: `${plan.generators} generators, ${plan.sources.length} addresses`,
    reached: held.peakEstablished >= clients ? 'all' : `errors ${JSON.stringify(held.connects.errors)}`,
  };
}

function inUs(value: number): string {
  return `${value.toFixed(2)} µs`;
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}
