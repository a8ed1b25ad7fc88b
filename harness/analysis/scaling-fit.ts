/** How throughput scales with clients, by the Universal Scalability Law, for every server and scenario. */
import type { Run } from '../results/run.ts';
import type { Interval as Bounds } from '../results/schema/leaves.ts';
import type { FittedFigure, ScalingFit } from '../results/schema/summary.ts';
import { metricsOf, servedAll, valuesOf, type CellTrials } from './cells/cell-trials.ts';
import { bootstrapScaling } from './statistics/scaling/scaling-bootstrap.ts';
import { formatPercent } from './text/format.ts';
import { counted } from './text/phrases.ts';
import {
  FEWEST_LEVELS,
  fitScalingLaw,
  LARGEST_RESIDUAL,
  type NoScalingFit,
  type ScalingFit as Law,
  type ThroughputLevel,
} from './statistics/scaling/scaling-law.ts';

/** Points of the fitted curve, evenly spaced on a logarithmic axis. */
const CURVE_POINTS = 40;

/**
 * One fit, or why there is none, for each server under each scenario.
 *
 * X is completed exchanges a second with N clients, think times included in their cycle. With think time a client asks
 * only part of the time: γ is then about 1/(response + think), and contention shows at more clients than it would with
 * clients that never pause. The law describes this load on this server, and not the server by itself; two servers
 * compare by it under the same scenario only.
 *
 * Where the rate is offered (open loop), N does not set the load and nothing is fitted. Levels at which not everyone was
 * served in every trial are left out: lost clients would bend the curve, and so would a generator at its limit.
 */
export function scalingOf(run: Run, cells: readonly CellTrials[]): ScalingFit[] {
  return run.plan.scenarios.flatMap((scenario) =>
    run.plan.servers.flatMap((server) => {
      const own = cells.filter(
        (cell) => cell.scenario.id === scenario.id && cell.server.name === server.name,
      );
      return own.length > 0
        ? [{ server: server.name, scenario: scenario.id, ...fitOf(own, run.plan.seed) }]
        : [];
    }),
  );
}

type Unnamed<T> = T extends unknown ? Omit<T, 'server' | 'scenario'> : never;

function fitOf(cells: readonly CellTrials[], seed: number): Unnamed<ScalingFit> {
  if (cells.some(({ valid }) => valid.some(({ load }) => load.rate !== undefined))) {
    return { kind: 'no-fit', why: 'the rate is set from outside (open loop), not by the number of clients' };
  }
  const levels = cells.filter(servedAll).flatMap(levelOf);
  const law = fitScalingLaw(levels);
  if (law.kind === 'no-fit') return { kind: 'no-fit', why: whyNoFit(law, cells.length) };
  const intervals = bootstrapScaling(levels, { seed });
  return {
    kind: 'fit',
    alpha: around(law.alpha, intervals?.alpha),
    beta: around(law.beta, intervals?.beta),
    gamma: around(law.gamma, intervals?.gamma),
    knee: law.peak && around(law.peak.clients, intervals?.peak),
    ...(law.peak?.extrapolated ? { extrapolated: true } : {}),
    residual: law.residual,
    curve: curveOf(law, levels),
  };
}

function whyNoFit(law: NoScalingFit, measured: number): string {
  switch (law.reason) {
    case 'few-levels':
      return measured > law.levels
        ? `everyone was served at ${law.levels} of ${counted(measured, 'level')} of clients, where the law needs ${FEWEST_LEVELS}`
        : `too few levels of clients: ${law.levels}, where the law needs ${FEWEST_LEVELS}`;
    case 'no-throughput':
      return `at ${law.clients} clients a trial has no throughput above zero`;
    case 'undetermined':
      return 'the levels do not determine the three parameters of the law';
    case 'residual':
      return `the law misses the measured throughput by ${formatPercent(law.residual, 2)}, more than ${formatPercent(LARGEST_RESIDUAL, 2)}`;
  }
}

function levelOf({ valid, scenario, clients }: CellTrials): ThroughputLevel[] {
  const metric = metricsOf(scenario).find(({ id }) => id === 'throughput');
  const throughputs = metric ? valuesOf(metric, valid, scenario) : [];
  return throughputs.length > 0 ? [{ clients, throughputs }] : [];
}

/** A bound that the data do not set (an unbounded peak) is null, as JSON has no infinity. */
function around(value: number, bounds: Bounds | undefined): FittedFigure {
  const known = (bound: number | undefined) => (bound !== undefined && Number.isFinite(bound) ? bound : null);
  return { value, low: known(bounds?.low), high: known(bounds?.high) };
}

function curveOf(law: Law, levels: readonly ThroughputLevel[]): { clients: number; throughput: number }[] {
  const first = Math.min(...levels.map(({ clients }) => clients));
  const last = Math.max(...levels.map(({ clients }) => clients));
  return Array.from({ length: CURVE_POINTS }, (_, i) => {
    const clients = first * (last / first) ** (i / (CURVE_POINTS - 1));
    return { clients, throughput: law.predict(clients) };
  });
}
