/** What the report says about how its figures came about, and the meaning of its words. */
import type { Run } from '../../harness/results/run.ts';
import type { MetricDefinition } from '../../harness/results/schema/plan.ts';
import { formatValue } from '../../harness/analysis/text/format.ts';
import { counted } from '../../harness/analysis/text/phrases.ts';

export function methodOf(run: Run): string[] {
  const { plan } = run;
  const precision = plan.precision;
  return [
    ...(plan.leftOut ?? []).map(({ server, why }) => `${server} was left out: it ${why}.`),
    `${counted(plan.trials.length, 'trial')} in an order drawn from seed ${plan.seed}, so that a change of the machine during the run does not fall on one server alone.`,
    'In a trial the server is started afresh in its own process group and is ready when a process of its tree listens on its port; then all clients start together. Elapsed time is from that start until the last client is done.',
    'A figure is the median of the trials of a cell. In parentheses: its 95 % interval, exact by order statistics, where there are at least six trials; in brackets: the smallest and the largest trial where there are fewer. No trial is left out for being far away.',
    ...(precision
      ? [
          `Cells got up to ${counted(precision.maxTrials, 'trial')} until the interval of the headline was within ±${precision.relative * 100} % of its median, by a rule fixed before the run.`,
        ]
      : []),
    'CPU time and memory are those of the whole process tree of the server, ended processes included. Latency histograms are merged over clients and trials; percentiles are read from the merged histogram and shown only where enough exchanges support them.',
    ...pausesOf(run),
    'Every trial is checked: attempts are conserved, every answer is what had to come back, throughput agrees with Little’s law, the generator was neither saturated nor late. A trial that fails a check is shown as not valid and carries no verdict.',
    'A dash stands where nothing was measured; it never stands for zero.',
  ];
}

/** How late the generator's timers woke its clients in this run, over all pauses. */
function pausesOf({ trials }: Run): string[] {
  const pauses = trials.flatMap((trial) => (trial.status === 'completed' ? (trial.load.pauses ?? []) : []));
  const sum = (read: (one: (typeof pauses)[number]) => number): number =>
    pauses.reduce((total, one) => total + read(one), 0);
  const count = sum((one) => one.count);
  if (count === 0) return [];
  const [askedMs, sleptMs] = [sum((one) => one.askedMs) / count, sum((one) => one.sleptMs) / count];
  return [
    `A pause of a client was to last ${formatValue(askedMs, 'ms')} and lasted ${formatValue(sleptMs, 'ms')} (means of ${formatValue(count, 'count')} pauses): ${formatValue(sleptMs - askedMs, 'ms')} more, as the timers of the generator wake late. Overhead is counted without what the client that was done last slept longer than asked.`,
  ];
}

/** Words that a reader may not know, shown on hover, and listed at the end. */
export function glossaryOf(
  metrics: readonly MetricDefinition[],
): { readonly term: string; readonly meaning: string }[] {
  return [
    ...metrics.map(({ title, description }) => ({ term: title, meaning: description })),
    { term: 'cell', meaning: 'All trials of one server under one scenario with one number of clients.' },
    { term: 'trial', meaning: 'One start of a server, its load, and its end.' },
    {
      term: 'lost client',
      meaning:
        'A client that gave up within the rules, because no worker came free within its waiting period.',
    },
    { term: 'interval', meaning: 'In 95 of 100 such runs an interval made this way holds the true median.' },
    {
      term: 'knee',
      meaning:
        'The number of clients at which a fitted scaling law has its highest throughput. Its interval is approximate: it holds the true knee in 91 to 92 of 100 such runs with 5 trials a level, in 93 to 94 with 10.',
    },
    {
      term: 'ideal',
      meaning: 'The time that one client takes by itself with a server that answers at once.',
    },
    { term: 'generator', meaning: 'A process of the harness that makes the load.' },
    { term: 'steal', meaning: 'CPU time that the hypervisor gave to another machine.' },
  ];
}
