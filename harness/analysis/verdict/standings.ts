/** The order of servers at every number of clients, as data: every sentence and table that ranks is made of it. */
import type { MetricDefinition } from '../../results/schema/plan.ts';
import type { Cell, Standing, Standings, WhyNotCompared } from '../../results/schema/summary.ts';
import { readMetric } from '../../results/metrics.ts';
import { headlineOf, metricsOf, type CellTrials } from '../cells/cell-trials.ts';
import { orderSweeps, type LevelOrder, type Sweep } from '../statistics/order/order.ts';
import type { SweepCell } from '../statistics/order/noise.ts';
import { costsAmong, whyNotCompared } from './eligible.ts';

/** A cell by its trials and by its figures. */
interface Measured {
  readonly trials: CellTrials;
  readonly cell: Cell;
}

/** One metric of one scenario, with everything that is known of its cells. */
interface Contest {
  readonly scenario: string;
  readonly metric: MetricDefinition;
  readonly levels: readonly ContestedLevel[];
}

interface ContestedLevel {
  readonly clients: number;
  readonly contenders: readonly SweepCell[];
  readonly notCompared: Standing['notCompared'];
}

/**
 * The standings of every scenario by its headline and by the costs of its servers, all as one decision.
 *
 * @param trials cells of a run
 * @param cells their figures, in the same order
 */
export function standingsOf(trials: readonly CellTrials[], cells: readonly Cell[]): Standings[] {
  const contests = contestsOf(trials, cells);
  const orders = orderSweeps(contests.map(sweepOf));
  return contests.map(({ scenario, metric, levels }, i) => {
    const order = orders[i];
    const byLevel = new Map(order?.levels.map((level) => [level.level, level]));
    return {
      scenario,
      metric: metric.id,
      levels: levels.map((level) => standing(level, byLevel.get(level.clients), metric)),
      overall: order?.overall ? { ...order.overall, ratios: Object.fromEntries(order.overall.ratios) } : null,
      overtakings: order?.overtakings ?? [],
    };
  });
}

/** What is compared in a run: the sweeps that {@link standingsOf} decides on together. */
export function sweepsOf(trials: readonly CellTrials[], cells: readonly Cell[]): Sweep[] {
  return contestsOf(trials, cells).map(sweepOf);
}

function contestsOf(trials: readonly CellTrials[], cells: readonly Cell[]): Contest[] {
  const measured = trials.flatMap((own, i): Measured[] => {
    const cell = cells[i];
    return cell ? [{ trials: own, cell }] : [];
  });
  return [...Map.groupBy(measured, ({ cell }) => cell.scenario).values()].flatMap((own) =>
    judgedBy(own).map((metric) => contestOf(own, metric)),
  );
}

/** The headline and the costs of a scenario, as far as they have a better direction. */
function judgedBy([first]: readonly Measured[]): MetricDefinition[] {
  if (!first) return [];
  const { scenario } = first.trials;
  const headline = headlineOf(scenario);
  const metrics = [...(headline ? [headline] : []), ...costsAmong(metricsOf(scenario))];
  return [...new Set(metrics)].filter(({ direction }) => direction !== 'neutral');
}

function contestOf(measured: readonly Measured[], metric: MetricDefinition): Contest {
  const levels = [...Map.groupBy(measured, ({ cell }) => cell.clients)].toSorted(([a], [b]) => a - b);
  return {
    scenario: measured[0]?.cell.scenario ?? '',
    metric,
    levels: levels.map(([clients, own]) => contestedLevel(clients, own, metric)),
  };
}

function contestedLevel(
  clients: number,
  measured: readonly Measured[],
  metric: MetricDefinition,
): ContestedLevel {
  const notCompared: { server: string; why: WhyNotCompared }[] = [];
  const able: SweepCell[] = [];
  for (const { trials, cell } of measured) {
    const why = whyNotCompared(cell, metric);
    if (why) notCompared.push({ server: cell.server, why });
    else able.push(sweepCell(trials, metric));
  }
  const leaveOut = (why: WhyNotCompared, which: (cell: SweepCell) => boolean): readonly SweepCell[] => {
    notCompared.push(...able.filter(which).map(({ server }) => ({ server, why })));
    return able.filter((cell) => !which(cell));
  };
  if (able.some(({ samples }) => samples.some(({ value }) => value <= 0)))
    return { clients, contenders: leaveOut('not-above-zero', () => true), notCompared };
  // A single trial shows no scatter. Where nobody has more, all stand side by side.
  const repeated = able.some(({ samples }) => samples.length > 1);
  const contenders = leaveOut('single-trial', ({ samples }) => repeated && samples.length < 2);
  return { clients, contenders, notCompared };
}

function sweepCell({ server, clients, scenario, valid }: CellTrials, metric: MetricDefinition): SweepCell {
  return {
    server: server.name,
    level: clients,
    samples: valid.flatMap((trial) => {
      const value = readMetric(metric, trial, scenario.idealMs);
      return value === undefined ? [] : [{ block: trial.trial.repetition, value }];
    }),
  };
}

function sweepOf({ metric, levels }: Contest): Sweep {
  return {
    smallerIsBetter: metric.direction !== 'higher',
    cells: levels.flatMap(({ contenders }) => contenders.filter(({ samples }) => samples.length > 1)),
  };
}

function standing(
  { clients, contenders, notCompared }: ContestedLevel,
  order: LevelOrder | undefined,
  metric: MetricDefinition,
): Standing {
  if (order) {
    const { best, behind, unplaced, resolution } = order;
    return { clients, best, behind, unplaced, notCompared, resolution };
  }
  // Nobody to compare with, or single trials.
  const sign = metric.direction === 'higher' ? -1 : 1;
  const best = contenders
    .toSorted((a, b) => sign * ((a.samples[0]?.value ?? 0) - (b.samples[0]?.value ?? 0)))
    .map(({ server }) => server);
  return { clients, best, behind: [], unplaced: [], notCompared, resolution: null };
}
