/** Computes the figures of a cell from its trials. */
import type { CompletedTrial } from '../../results/schema/trial.ts';
import type { Cell } from '../../results/schema/summary.ts';
import type { Estimate } from '../../results/schema/leaves.ts';
import { boundsOf, metricsOf, valuesOf, whyAbsent, type CellTrials } from './cell-trials.ts';
import { notValidOf } from './faults.ts';
import { medianInterval } from '../statistics/estimators/interval.ts';
import { countOutliers, ascending, quantileOfSorted } from '../statistics/estimators/quantile.ts';

/**
 * The figures of one cell. Metrics are estimated over valid completed trials. If none is valid, the invalid ones
 * are used for display, and `invalidOnly` keeps them from being judged. Outcomes and errors cover all completed
 * trials: a lost client is lost whether or not the trial is valid.
 */
export function cellOf(trials: CellTrials): Cell {
  const { server, scenario, clients, planned, results, completed, valid } = trials;
  const invalidOnly = valid.length === 0 && completed.length > 0;
  const metrics: Record<string, Estimate> = {};
  const absent: Record<string, string> = {};
  const shown = invalidOnly ? completed : valid;
  for (const metric of metricsOf(scenario)) {
    const why = whyAbsent(metric, shown, scenario);
    const figures =
      why === undefined
        ? estimate(valuesOf(metric, shown, scenario), boundsOf(metric, shown, scenario))
        : undefined;
    if (figures) metrics[metric.id] = figures;
    if (why !== undefined) absent[metric.id] = why;
  }
  const sum = (figure: (trial: CompletedTrial) => number) =>
    completed.reduce((total, trial) => total + figure(trial), 0);
  return {
    server: server.name,
    scenario: scenario.id,
    clients,
    trials: {
      planned,
      completed: completed.length,
      failed: results.filter(({ status }) => status === 'failed').length,
      aborted: results.filter(({ status }) => status === 'aborted').length,
      invalid: completed.length - valid.length,
    },
    outcomes: {
      asked: sum(({ load }) => load.clients.asked),
      lost: sum(({ load }) => load.clients.lost),
      failed: sum(({ load }) => load.clients.failed),
    },
    heldAtOnce: heldAtOnce(completed),
    attempts: {
      connects: sum(({ load }) => load.connects.attempted),
      exchanges: sum(({ load }) => load.exchanges.attempted),
    },
    errors: errorsOf(completed),
    firstErrors: firstErrorsOf(completed),
    notValid: notValidOf(completed),
    metrics,
    ...(Object.keys(absent).length > 0 ? { absent } : {}),
    trialIndices: results.map(({ trial }) => trial.index),
    ...(invalidOnly ? { invalidOnly } : {}),
  };
}

function heldAtOnce(completed: readonly CompletedTrial[]): Cell['heldAtOnce'] {
  if (completed.length === 0) return null;
  const peaks = ascending(completed.map(({ load }) => load.peakEstablished));
  return {
    min: quantileOfSorted(peaks, 0),
    median: quantileOfSorted(peaks, 0.5),
    max: quantileOfSorted(peaks, 1),
  };
}

/** Of each kind the message that came first. */
function firstErrorsOf(completed: readonly CompletedTrial[]): Cell['firstErrors'] {
  const first = new Map<string, string>();
  for (const { kind, message } of completed.flatMap(({ load }) => load.firstErrors)) {
    if (!first.has(kind)) first.set(kind, message);
  }
  return [...first].map(([kind, message]) => ({ kind, message }));
}

/** Errors of connects and exchanges by kind, in alphabetical order, without zeros. */
function errorsOf(completed: readonly CompletedTrial[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { load } of completed) {
    for (const { errors } of [load.connects, load.exchanges]) {
      for (const [kind, count] of Object.entries(errors)) {
        if (count > 0) counts.set(kind, (counts.get(kind) ?? 0) + count);
      }
    }
  }
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Median, exact order-statistic interval, extremes and number of outliers. The order of the values does not matter.
 *
 * @param bounds those of the values that are lower bounds: no known value lies above one of them
 * @returns undefined without values: a figure that was not measured is absent, never 0
 * @throws RangeError for values that are not finite
 */
export function estimate(values: readonly number[], bounds: readonly number[] = []): Estimate | undefined {
  if (values.length === 0) return undefined;
  const sorted = ascending(values);
  const figures = {
    n: sorted.length,
    median: quantileOfSorted(sorted, 0.5),
    min: quantileOfSorted(sorted, 0),
    max: quantileOfSorted(sorted, 1),
    interval: medianInterval(values),
    outliers: countOutliers(values),
  };
  const known = sorted.length - bounds.length;
  if (Math.floor(sorted.length / 2) >= known) return { ...figures, atLeast: 'median' };
  return spreadOf(figures).high >= Math.min(...bounds) ? { ...figures, atLeast: 'high' } : figures;
}

/** The interval of a median or, where there are too few trials for one, the range. */
export function spreadOf({ interval, min, max }: Estimate): { readonly low: number; readonly high: number } {
  return interval ?? { low: min, high: max };
}
