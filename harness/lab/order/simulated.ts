/** Sweeps whose true order is known, and how often a run of them says something false, or finds what is there. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { orderSweeps, type Sweep } from '../../analysis/statistics/order/order.ts';
import { SCATTERS, type ScatterName } from './scatter.ts';
import { ratesOf, type OrderRates } from './rates.ts';

/** A run of equal servers, but for the first one where it is `slower`. */
export interface Setting {
  readonly servers: number;
  readonly levels: number;
  readonly trials: number;
  readonly scatter: ScatterName;
  /** Standard deviation of a trial, relative. */
  readonly spread: number;
  /** How many times as much the first level scatters as the last, and the last server as the others. */
  readonly uneven: { readonly levels: number; readonly server: number };
  /** How much slower the first server is at every level, relative. */
  readonly slower: number;
  /** Metrics that are decided on together. */
  readonly metrics: number;
}

/** The same seed gives the same rates. */
export function simulateOrder(setting: Setting, runs: number, seed = 1): OrderRates {
  const random = xoroshiro128plus(seed);
  const orders = Array.from({ length: runs }, () =>
    orderSweeps(Array.from({ length: setting.metrics }, () => drawSweep(setting, random))),
  );
  return ratesOf(orders, setting.slower > 0 ? nameOf(0) : undefined);
}

function drawSweep(setting: Setting, random: RandomGenerator): Sweep {
  const { servers, levels, trials, spread, uneven, slower } = setting;
  const cells = Array.from({ length: servers * levels }, (_, cell) => ({
    server: cell % servers,
    level: Math.floor(cell / servers),
    samples: [] as { block: number; value: number }[],
  }));
  for (let block = 0; block < trials; block++) {
    const deviations = SCATTERS[setting.scatter](random, cells.length);
    for (const [i, cell] of shuffled(cells, random).entries()) {
      const { server, level, samples } = cell;
      const part = levels > 1 ? level / (levels - 1) : 1;
      const scale = spread * uneven.levels ** (1 - part) * (server === servers - 1 ? uneven.server : 1);
      const truth = Math.log(100 * (level + 1)) + (server === 0 ? Math.log1p(slower) : 0);
      samples.push({ block, value: Math.exp(truth + scale * deviations[i]!) });
    }
  }
  return {
    smallerIsBetter: true,
    cells: cells.map(({ server, level, samples }) => ({ server: nameOf(server), level: level + 1, samples })),
  };
}

function nameOf(server: number): string {
  return `server ${server + 1}`;
}

function shuffled<T>(items: readonly T[], random: RandomGenerator): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = uniformInt(random, 0, i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
