/** Section 7: throughput against clients with the scaling law that was fitted to it, and the knee. */
import type { ScalingFit } from '../../harness/results/schema/summary.ts';
import type { ScenarioScope } from '../view/scope.ts';
import type { ChartView } from '../view/view.ts';
import { sweepChart } from './sweep.ts';

type Fit = Extract<ScalingFit, { readonly kind: 'fit' }>;

export function throughputChart(scope: ScenarioScope): ChartView | undefined {
  const fits = scope.servers.map(({ name }) =>
    scope.summary.scaling.find(
      (fit): fit is Fit => fit.kind === 'fit' && fit.server === name && fit.scenario === scope.scenario.id,
    ),
  );
  const fitted = fits.some((fit) => fit !== undefined);
  return sweepChart(scope, {
    section: 'throughput',
    metric: 'throughput',
    title: 'Throughput, exchanges a second',
    wide: true,
    curve: (server) => fits[server]?.curve.map((point) => [point.clients, point.throughput] as const),
    knee: (server) => {
      const fit = fits[server];
      if (!fit?.knee || fit.extrapolated) return undefined;
      const { value, low, high } = fit.knee;
      return [value, throughputAt(fit, value), low, high] as const;
    },
    remark: fitted
      ? 'Thin line: the Universal Scalability Law fitted to the points. Upright stroke: its knee, the number of clients beyond which throughput falls, with its interval; a knee beyond what was measured is not drawn.'
      : 'No scaling law was fitted.',
  });
}

/** Throughput of the fitted law: γN / (1 + α(N − 1) + βN(N − 1)) (Gunther, 2007). */
function throughputAt({ alpha, beta, gamma }: Fit, clients: number): number {
  return (gamma.value * clients) / (1 + alpha.value * (clients - 1) + beta.value * clients * (clients - 1));
}
