/** What the reports of a duet show, as texts and figures: made once, drawn in several forms. Pure. */
import { formatEffect, formatPercent, formatValue } from '../../harness/analysis/text/format.ts';
import type {
  DuetComparison,
  ErrorRates,
  JudgedGate,
  Verdict,
} from '../../harness/results/schema/comparison.ts';
import { formatDuration } from '../../harness/scenario/duration.ts';
import type { MetricDefinition } from '../../harness/results/schema/metric.ts';

/** One gate. */
export interface GateRow {
  readonly subject: string;
  readonly metric: string;
  readonly description: string;
  readonly base: string;
  readonly head: string;
  /** Head against base with its interval, as it is: more is more. */
  readonly effect: string;
  readonly worse: 'more' | 'less';
  readonly launches: string;
  /** Standard deviation of the difference of one launch. */
  readonly spread: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly gate: JudgedGate;
}

export interface DuetView {
  readonly title: string;
  readonly verdict: Verdict;
  /** The verdict in one sentence. */
  readonly lead: string;
  readonly counts: string;
  readonly rows: readonly GateRow[];
  readonly remarks: readonly string[];
  readonly notCompared: readonly string[];
  readonly errorRates: readonly string[];
  /** Name and value. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly command: string;
}

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  regression: 'regression',
  improvement: 'improvement',
  'no-change': 'no change',
  inconclusive: 'inconclusive',
  invalid: 'invalid',
};

export function duetView(comparison: DuetComparison, commandLine: readonly string[]): DuetView {
  const { duet, base, head } = comparison;
  const rows = rowsOf(comparison);
  return {
    title: `${head.label} against ${base.label}`,
    verdict: duet.verdict,
    lead: leadOf(duet.verdict, rows),
    counts: countsOf(comparison),
    rows,
    remarks: comparison.remarks,
    notCompared: comparison.notCompared.map(({ server, why }) => (server ? `${server}: ${why}` : why)),
    errorRates: duet.errorRates ? errorRateSentences(duet.errorRates) : [],
    facts: [
      ['base', base.label],
      ['head', head.label],
      ['run', duet.runId],
      ['seed', String(duet.seed)],
      ['SHA-256 of the plan, written before the first launch', duet.planHash],
      ['tool version', base.toolVersion],
      ['started', base.startedAt],
    ],
    command: commandLine.join(' '),
  };
}

function rowsOf({ effects, duet, metrics }: DuetComparison): GateRow[] {
  return effects.map((effect, i) => {
    const metric = metrics.find(({ id }) => id === effect.metric) as MetricDefinition;
    const value = (estimate: typeof effect.base): string =>
      estimate ? formatValue(estimate.median, metric.unit) : '–';
    const spread = duet.gates[i]?.spread;
    return {
      subject: effect.server,
      metric: metric.title,
      description: metric.description,
      base: value(effect.base),
      head: value(effect.head),
      effect: effect.size ? formatEffect(effect.size, metric.unit) : '–',
      worse: metric.direction === 'higher' ? 'less' : 'more',
      launches: String(duet.gates[i]?.verdict.n ?? 0),
      spread: spread === null || spread === undefined ? '–' : formatPercent(spread, 2),
      verdict: effect.verdict,
      reason: withEnd(effect.reason),
      gate: duet.gates[i] as JudgedGate,
    };
  });
}

function withEnd(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function leadOf(verdict: Verdict, rows: readonly GateRow[]): string {
  const such = rows.filter((row) => row.verdict === verdict);
  const named = such.map(({ subject, metric, effect }) => `${subject}, ${metric} ${effect}`).join('; ');
  switch (verdict) {
    case 'regression':
      return `Regression: ${named}.`;
    case 'improvement':
      return `Improvement, and nothing worse: ${named}.`;
    case 'no-change':
      return `No change: all ${rows.length} gates are worse by less than their margin, for certain.`;
    case 'inconclusive':
      return `Inconclusive: ${such.length} of ${rows.length} gates could not be decided. This is not "no change".`;
    case 'invalid':
      return `Invalid: ${such[0]?.reason ?? 'nothing was judged'}`;
  }
}

function countsOf({ duet, effects }: DuetComparison): string {
  const { look, launches, tookMs } = duet;
  const verdicts = Object.keys(VERDICT_WORDS) as Verdict[];
  const counts = verdicts
    .map((verdict) => [effects.filter((effect) => effect.verdict === verdict).length, verdict] as const)
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => `${count} ${VERDICT_WORDS[verdict]}`);
  const when =
    look.number === 0
      ? 'before the first interim analysis'
      : `at interim analysis ${look.number} of ${look.of}, after ${look.launches} launches of each`;
  const failed = launches.failed > 0 ? `, ${launches.failed} failed` : '';
  return `${counts.join(', ')} · ${when} · ${launches.completed} launches${failed} · ${formatDuration(tookMs)}`;
}

function errorRateSentences({ repetitions, launches, falseAlarms, power }: ErrorRates): string[] {
  const rate = ({ rate: value, interval }: typeof falseAlarms): string =>
    `${formatPercent(value)} (${formatPercent(interval.low)} to ${formatPercent(interval.high)})`;
  return [
    `Simulated on ${launches} launches of the base against a copy of itself, made beside these: a false alarm in ${rate(falseAlarms)} of ${repetitions} whole comparisons.`,
    ...power.map(
      ({ gate, effect, found }) =>
        `A slowdown of ${formatPercent(effect - 1)} in ${gate} is found in ${rate(found)}.`,
    ),
  ];
}
