/** Runs as they may come, for properties that hold of all of them. */
import fc from '../property.ts';
import type { Run } from '../../harness/results/run.ts';
import { failedCheck, fakeRun, fakeScenario, fakeServer, type Outcome } from './fixture.ts';

/** Any outcome that a trial can have: figures from nothing to absurd, checks that fail, failures, gaps. */
const anyOutcome: fc.Arbitrary<Outcome> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      elapsedMs: fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 1e9, noNaN: true })),
      exchanges: fc.nat(100_000),
      lost: fc.nat(3),
      failed: fc.nat(3),
      latencyMs: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
      cpuNs: fc.oneof(fc.constant(0), fc.nat()),
      peakRssBytes: fc.nat(),
      threads: fc.nat(1000),
      checks: fc.oneof(fc.constant([]), fc.constant([failedCheck()])),
      kernel: fc.record({ stealMs: fc.option(fc.nat(100)), synRetransmits: fc.option(fc.nat(3)) }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ failure: 'it crashed' }) },
  { weight: 1, arbitrary: fc.constantFrom('aborted' as const, 'missing' as const) },
);

/** What a run is made of; small enough to be read in a counterexample. */
export interface Setting {
  readonly levels: number;
  readonly trialsPerCell: number;
  readonly headline: string;
  readonly outcomes: readonly Outcome[];
}

export const anySetting: fc.Arbitrary<Setting> = fc.record({
  levels: fc.integer({ min: 1, max: 7 }),
  trialsPerCell: fc.integer({ min: 1, max: 7 }),
  headline: fc.constantFrom('elapsed', 'throughput', 'lost', 'threads', 'no-such-metric'),
  outcomes: fc.array(anyOutcome, { minLength: 1, maxLength: 98, size: 'max' }),
});

/** A run of two servers, every trial as it came. */
export function runOf({ levels, trialsPerCell, headline, outcomes }: Setting): Run {
  return fakeRun({
    servers: [
      fakeServer('pool', { analytic: { kind: 'pool', slots: 2 } }),
      fakeServer('loop', { analytic: { kind: 'unbounded' } }),
    ],
    scenarios: [fakeScenario({ headline, traits: { patienceMs: 300 } })],
    clients: Array.from({ length: levels }, (_, i) => 3 * (i + 2)),
    trialsPerCell,
    measure: ({ index }) => outcomes[index % outcomes.length] ?? 'missing',
  });
}
