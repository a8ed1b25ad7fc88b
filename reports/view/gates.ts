/** The gates of a duet: what was judged, as rows, a table of figures, and a matrix of verdicts. */
import { formatEffect, formatPercent, formatValue } from '../../harness/analysis/text/format.ts';
import type {
  ArmFailures,
  DuetComparison,
  JudgedFailures,
  JudgedGate,
  Verdict,
} from '../../harness/results/schema/comparison.ts';
import type { MetricDefinition } from '../../harness/results/schema/plan.ts';
import { ended, sentence } from '../../harness/analysis/text/phrases.ts';
import type { Tone } from '../drawing/effects.ts';
import type { CellView, TableView } from './view.ts';

/** One gate. */
export interface GateRow {
  readonly subject: string;
  readonly metric: string;
  /** Head against base with its interval, as it is: more is more. */
  readonly effect: string;
  readonly verdict: Verdict;
  /** The verdict in a word or two. */
  readonly outcome: string;
  readonly reason: string;
  readonly gate: JudgedGate;
}

export const OUTCOMES: Readonly<Record<Verdict, string>> = {
  regression: 'regression',
  improvement: 'improvement',
  'no-change': 'no change',
  inconclusive: 'inconclusive',
  invalid: 'invalid',
};

export const TONES: Readonly<Record<Verdict, Tone>> = {
  regression: 'bad',
  improvement: 'good',
  'no-change': 'neutral',
  inconclusive: 'unsure',
  invalid: 'bad',
};

function metricOf(id: string, { metrics }: DuetComparison): MetricDefinition {
  return metrics.find((metric) => metric.id === id) as MetricDefinition;
}

export function rowsOf(comparison: DuetComparison): GateRow[] {
  return comparison.effects.map((effect, i) => {
    const { title, unit } = metricOf(effect.metric, comparison);
    return {
      subject: effect.server,
      metric: title,
      effect: effect.size ? formatEffect(effect.size, unit) : '–',
      verdict: effect.verdict,
      outcome: OUTCOMES[effect.verdict],
      reason: ended(effect.reason),
      gate: comparison.duet.gates[i] as JudgedGate,
    };
  });
}

export function tableOf(comparison: DuetComparison, rows: readonly GateRow[]): TableView {
  return {
    id: 'gates',
    scenario: null,
    caption: 'Every gate: medians, their difference with its interval, and what that means',
    key: false,
    columns: [
      { title: 'server', numeric: false },
      { title: 'metric', numeric: false },
      { title: 'base', numeric: true },
      { title: 'head', numeric: true },
      { title: 'head against base (95 %)', numeric: true },
      { title: 'worse is', numeric: false },
      { title: 'n', numeric: true, about: 'Launches that both arms completed.' },
      {
        title: 'SD of a launch',
        numeric: true,
        about: 'Standard deviation of the difference of one launch.',
      },
      { title: 'verdict', numeric: false },
    ],
    rows: comparison.effects.map((effect, i) => {
      const { unit, direction } = metricOf(effect.metric, comparison);
      const { subject, metric, effect: text, verdict, outcome, reason, gate } = rows[i] as GateRow;
      const figure = (value: number | undefined): CellView => cell(formatValue(value, unit), value);
      return {
        server: null,
        cells: [
          { text: subject },
          { text: metric },
          figure(effect.base?.median),
          figure(effect.head?.median),
          cell(text, effect.size?.value),
          { text: direction === 'higher' ? 'less' : 'more' },
          cell(String(gate?.verdict.n ?? 0), gate?.verdict.n),
          cell(formatSpread(gate?.spread), gate?.spread),
          { text: outcome, note: reason, strong: true, ...toneOf(verdict) },
        ],
      };
    }),
  };
}

/** What failed of each arm, with what that means: the first thing to know of a duet. */
export function failuresTable(failures: readonly JudgedFailures[]): TableView {
  const launches = (arm: ArmFailures | null): CellView =>
    arm ? { text: `${arm.failed} of ${arm.launches}`, value: arm.failed } : { text: '–' };
  const exchanges = ({ errors, attempts }: ArmFailures): CellView => {
    const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
    const share = failed / Math.max(1, attempts);
    return cell(failed > 0 ? formatPercent(share, 2) : '0', share);
  };
  return {
    id: 'failures',
    scenario: null,
    caption: 'Failures: launches, exchanges, and whether the head fails more often',
    key: false,
    columns: [
      { title: 'server', numeric: false },
      { title: 'failed launches: base', numeric: true },
      { title: 'head', numeric: true },
      { title: 'control', numeric: true, about: 'The base and its copy, measured beside base and head.' },
      { title: 'failed exchanges: base', numeric: true, about: 'In launches that were completed.' },
      { title: 'head', numeric: true, about: 'In launches that were completed.' },
      { title: 'verdict', numeric: false },
    ],
    rows: failures.map(({ subject, base, head, control, verdict, reason }) => ({
      server: null,
      cells: [
        { text: subject },
        launches(base),
        launches(head),
        launches(control),
        exchanges(base),
        exchanges(head),
        { text: OUTCOMES[verdict], note: ended(reason), strong: true, ...toneOf(verdict) },
      ],
    })),
  };
}

/** The same in sentences, each with why the head's launches failed. */
export function failureSentences(failures: readonly JudgedFailures[]): string[] {
  return failures.map(({ subject, verdict, reason, reasons }) => {
    const why = reasons.length > 0 ? ` The head: ${reasons.map(ended).join(' · ')}` : '';
    return `${subject}, failures: ${OUTCOMES[verdict]}. ${sentence(ended(reason))}${why}`;
  });
}

/** Verdicts by server and metric; null where there is only one server. */
export function matrixOf(rows: readonly GateRow[]): TableView | null {
  const bySubject = Map.groupBy(rows, ({ subject }) => subject);
  if (bySubject.size < 2) return null;
  const metrics = [...new Set(rows.map(({ metric }) => metric))];
  return {
    id: 'verdicts',
    scenario: null,
    caption: 'Verdicts by server',
    key: false,
    columns: ['server', ...metrics].map((title) => ({ title, numeric: false })),
    rows: [...bySubject].map(([subject, own]) => ({
      server: null,
      cells: [
        { text: subject },
        ...metrics.map((metric): CellView => {
          const row = own.find((each) => each.metric === metric);
          return row ? { text: row.outcome, ...toneOf(row.verdict) } : { text: '–' };
        }),
      ],
    })),
  };
}

function cell(text: string, value: number | null | undefined): CellView {
  return value === null || value === undefined ? { text } : { text, value };
}

function formatSpread(spread: number | null | undefined): string {
  return spread === null || spread === undefined ? '–' : formatPercent(spread, 2);
}

function toneOf(verdict: Verdict): Pick<CellView, 'tone'> {
  const tone = TONES[verdict];
  return tone === 'neutral' ? {} : { tone };
}
