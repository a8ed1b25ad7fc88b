/** The thundering herd: what a connection costs as more and more workers wait for the same listening socket. */
import { median } from '../../analysis/statistics/estimators/quantile.ts';
import type { CompletedTrial } from '../../results/schema/trial.ts';
import type { Arm, Load } from './measure.ts';
import { cpuPerConnectionUs } from './stevens.ts';

/** One way to wait, over the sizes of the pool. */
export interface HerdRow {
  readonly server: string;
  readonly points: readonly {
    readonly workers: number;
    /** Median over rounds; undefined where every trial failed. */
    readonly cpuPerConnectionUs: number | undefined;
  }[];
}

interface AcceptStrategy {
  readonly server: string;
  readonly variant: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Blocked in accept(); in epoll, which wakes every idle loop; in epoll with EPOLLEXCLUSIVE, which wakes one. */
const ACCEPT_STRATEGIES: readonly AcceptStrategy[] = [
  { server: 'c-prefork', variant: 'c-prefork' },
  { server: 'c-prefork-epoll', variant: 'c-prefork-epoll' },
  { server: 'c-prefork-epoll exclusive', variant: 'c-prefork-epoll', settings: { exclusive: 'true' } },
];

export function herdArms(sizes: readonly number[], load: Load): readonly Arm[] {
  return ACCEPT_STRATEGIES.flatMap(({ server, ...strategy }) =>
    sizes.map((workers) => ({ ...strategy, name: armName(server, workers), sizing: { workers }, load })),
  );
}

export function herdRows(
  trials: ReadonlyMap<string, readonly CompletedTrial[]>,
  sizes: readonly number[],
): readonly HerdRow[] {
  return ACCEPT_STRATEGIES.map(({ server }) => ({
    server,
    points: sizes.map((workers) => {
      const costs = (trials.get(armName(server, workers)) ?? []).map(cpuPerConnectionUs);
      return { workers, cpuPerConnectionUs: costs.length > 0 ? median(costs) : undefined };
    }),
  }));
}

function armName(server: string, workers: number): string {
  return `${server.replace(' ', '-')}-of-${workers}`;
}
