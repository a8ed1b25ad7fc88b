/** How the limits get their figures: slopes, so that what is spent once cancels out, and medians over contenders' turns. */
import { median } from '../../analysis/statistics/estimators/quantile.ts';
import type { LoadResult } from '../../results/schema/load.ts';
import { load, type Contest } from './contenders.ts';

const SHORT_MS = 500;
const LONG_MS = 1500;

/** Loopback addresses that so many connections come from: 10,000 on each, and one to spare. */
export function addresses(connections: number): readonly string[] {
  return Array.from({ length: Math.ceil(connections / 10_000) + 1 }, (_, k) => `127.0.0.${k + 1}`);
}

/** A load of exchanges whose cost is asked for. */
export interface Exchanges {
  readonly clients: number;
  readonly scenarioModule: string;
  /** Without `duration`. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** What the short and the long load both begin with, in ms. Default 0. */
  readonly startMs?: number;
}

/** CPU time of the generator for each exchange, in µs: the slope between a short and a long load. */
export async function cpuUsPerExchange(
  contest: Contest,
  port: number,
  { clients, scenarioModule, parameters, startMs = 0 }: Exchanges,
): Promise<number> {
  const lasting = (duration: number): Promise<LoadResult> =>
    load(contest, {
      port,
      clients,
      scenarioModule,
      sources: addresses(clients),
      parameters: { ...parameters, duration: startMs + duration },
    });
  const short = await lasting(SHORT_MS);
  const long = await lasting(LONG_MS);
  return (cpuUs(long) - cpuUs(short)) / (long.exchanges.completed - short.exchanges.completed);
}

function cpuUs({ generators }: LoadResult): number {
  return generators.reduce((sum, one) => sum + (one.cpuUserNs + one.cpuSystemNs) / 1000, 0);
}

/** The median figure of each contender; they take turns within every round. */
export async function mediansInTurn<Name extends string>(
  { rounds }: Contest,
  contenders: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Readonly<Record<Name, number>>> {
  const each = Object.entries<() => Promise<number>>(contenders).map(([name, measure]) => ({
    name,
    measure,
    figures: [] as number[],
  }));
  for (let round = 1; round <= rounds; round++)
    for (const { measure, figures } of each) figures.push(await measure());
  return Object.fromEntries(each.map(({ name, figures }) => [name, median(figures)])) as Record<Name, number>;
}
