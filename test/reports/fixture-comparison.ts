/** Comparisons for the tests of the reports, of two runs and of a duet. */
import type { Comparison, Effect, EffectSize } from '../../harness/results/schema/comparison.ts';
import type { Run } from '../../harness/results/run.ts';

const METRICS = ['cpu-per-exchange', 'throughput', 'elapsed', 'lost'];

/** One effect, whose other fields follow from its size. */
export function effectOf(
  kind: 'advisory' | 'judged',
  of: Pick<Effect, 'server' | 'scenario' | 'clients' | 'metric'>,
  size: EffectSize,
): Effect {
  const none = size.scale === 'ratio' ? 1 : 0;
  const { low, high } = size.interval ?? { low: none, high: none };
  const more = low > none;
  const told = more || high < none;
  const estimate = { n: 7, median: 1, min: 1, max: 1, interval: null, outliers: 0 };
  const common = { ...of, reason: 'The figures say so.', base: estimate, head: estimate, size };
  const worse = more === (of.metric !== 'throughput');
  return kind === 'advisory'
    ? { ...common, kind, p: 0.01, adjustedP: 0.04, shift: told ? (worse ? 'worse' : 'better') : 'not-told' }
    : {
        ...common,
        kind,
        verdict: told ? (worse ? 'regression' : 'improvement') : 'no-change',
        look: { launches: 12, alpha: 0.01, number: 1, of: 3 },
        evidence: null,
      };
}

/** The run of a fixture as the head: a third is worse, a third better, a third cannot be told apart. */
export function comparisonOf(run: Run, kind: Comparison['kind'] = 'runs', suffix = ''): Comparison {
  const metrics = METRICS.flatMap((id) => run.plan.scenarios[0]?.metrics.find((one) => one.id === id) ?? []);
  const effects = run.plan.scenarios.flatMap(({ id: scenario }) =>
    run.plan.servers.flatMap(({ name: server }, i) =>
      run.plan.clients.flatMap((clients, j) =>
        metrics.map(({ id: metric }, k) => {
          const change = [0.08, -0.05, 0.004][(i + j + k) % 3] ?? 0;
          const scale = metric === 'lost' ? 'difference' : 'ratio';
          const value = scale === 'ratio' ? 1 + change : change;
          const interval = { low: value - 0.02, high: value + 0.025, level: 0.95 };
          const of = { server, scenario, clients, metric };
          return effectOf(kind === 'duet' ? 'judged' : 'advisory', of, { scale, value, interval });
        }),
      ),
    ),
  );
  return {
    schema: 1,
    kind,
    base: { label: `main${suffix}`, toolVersion: '0.1.0', startedAt: '2026-11-20T04:05:06.000Z' },
    head: { label: `faster-accept${suffix}`, toolVersion: '0.1.0', startedAt: run.manifest.startedAt },
    environmentDifferences: [`kernel: 6.1 and 6.2${suffix}`],
    forced: true,
    remarks: [`This comparison is advisory.${suffix}`],
    metrics,
    effects,
    notCompared: [
      { scenario: 'hold', server: `gone${suffix}`, clients: 5, why: 'the head did not measure it' },
    ],
  };
}
