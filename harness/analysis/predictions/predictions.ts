/** What the architecture alone predicts, beside what was measured. */
import type { AnalyticModel, PlannedScenario } from '../../results/schema/plan.ts';
import type { Run } from '../../results/run.ts';
import type { PredictedCurve } from '../../results/schema/summary.ts';
import { servedAll, type CellTrials } from '../cells/cell-trials.ts';
import { expectedElapsed } from './expected-elapsed.ts';
import { median } from '../statistics/estimators/quantile.ts';
import { deviationSentences, type Prediction } from './deviations.ts';
import { availableCores } from './used-up.ts';

/**
 * The elapsed time that arithmetic expects of each server whose architecture is known, in scenarios whose clients come
 * at once and hold a connection until they are done: those with elapsed time as their headline. A scenario that runs
 * for a set time takes that time whatever the server does, and has no such curve; neither has a run that was recorded
 * before scenarios declared their waiting period.
 *
 * The curve is made of the floor, and nobody can be faster. What one client takes when it is alone, where that was
 * measured, holds exchanges, timers and the first connection as well: a server that is slower than its architecture
 * makes of *that* is slowed down by the other clients, and by nothing that a client meets alone.
 */
export function predictionsOf(run: Run, cells: readonly CellTrials[]): PredictedCurve[] {
  const cores = availableCores(run.environment.identity);
  return run.plan.scenarios
    .filter(({ headline, idealMs, traits }) => headline === 'elapsed' && idealMs > 0 && traits !== undefined)
    .flatMap((scenario) =>
      run.plan.servers.flatMap((server) => {
        const own = cells.filter(
          (cell) => cell.scenario.id === scenario.id && cell.server.name === server.name,
        );
        return server.analytic && own.length > 0
          ? [predictedCurve(server.analytic, scenario, own, cores)]
          : [];
      }),
    );
}

function predictedCurve(
  analytic: AnalyticModel,
  scenario: PlannedScenario,
  cells: readonly CellTrials[],
  cores: number,
): PredictedCurve {
  const server = cells[0]?.server.name ?? '';
  const aloneMs = Math.max(scenario.idealMs, elapsedAlone(cells) ?? 0);
  const patienceMs = scenario.traits?.patienceMs ?? Infinity;
  const expected = (clients: number, heldMs: number) =>
    expectedElapsed(analytic, { clients, heldMs, patienceMs });
  const predictions = cells.map((cell): Prediction => ({
    cell,
    atBest: expected(cell.clients, scenario.idealMs),
    asAlone: expected(cell.clients, aloneMs),
  }));
  return {
    server,
    scenario: scenario.id,
    points: predictions.map(({ cell: { clients }, atBest: { elapsedMs, lost } }) => ({
      clients,
      elapsedMs,
      lost,
    })),
    deviations: deviationSentences(server, predictions, cores, patienceMs),
  };
}

/** Median elapsed time of trials with a single client that was served, in ms; undefined where there was none. */
function elapsedAlone(cells: readonly CellTrials[]): number | undefined {
  const single = cells.find((cell) => cell.clients === 1 && servedAll(cell));
  return single && median(single.valid.map(({ load }) => load.elapsedMs));
}
