/** Completed trials of a table, as if they had been measured. */
import type { CompletedTrial } from '../../harness/results/schema/trial.ts';
import { fakeRun, fakeServer } from '../analysis/fixture.ts';

const CONNECTIONS = 10;

/** A trial a round with so many µs of CPU for each of ten connections; `exchanges` of them for each trial. */
export function completedTrials(
  server: string,
  cpuUs: readonly number[],
  exchanges = CONNECTIONS,
): readonly CompletedTrial[] {
  const run = fakeRun({
    servers: [fakeServer(server)],
    clients: [CONNECTIONS],
    trialsPerCell: cpuUs.length,
    measure: ({ repetition }) => ({
      elapsedMs: 100,
      exchanges,
      cpuNs: (cpuUs[repetition - 1] ?? Number.NaN) * CONNECTIONS * 1000,
    }),
  });
  return run.trials.filter((trial) => trial.status === 'completed');
}
