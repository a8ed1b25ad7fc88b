/** What the reports of a duet show. */
import { formatPercent } from '../../harness/analysis/text/format.ts';
import type {
  DuetComparison,
  ErrorRates,
  JudgedFailures,
  Verdict,
} from '../../harness/results/schema/comparison.ts';
import { formatDuration } from '../../harness/scenario/duration.ts';
import type { Tone } from '../drawing/effects.ts';
import type { EffectsView, Fact, TableView } from './view.ts';
import {
  failureSentences,
  failuresTable,
  matrixOf,
  OUTCOMES,
  rowsOf,
  tableOf,
  TONES,
  type GateRow,
} from './gates.ts';
import { GATES_CAPTION, gateEffects, LAUNCHES_CAPTION, launchStrip } from '../charts/gates.ts';

export interface DuetView {
  readonly title: string;
  readonly verdict: Verdict;
  readonly outcome: string;
  /** The verdict in one sentence. */
  readonly lead: string;
  readonly counts: string;
  readonly rows: readonly GateRow[];
  readonly tone: Tone;
  /** What failed, by server, as a table and in sentences; shown before the gates. */
  readonly failures: TableView;
  readonly failureSentences: readonly string[];
  /** The rows with their figures. */
  readonly table: TableView;
  /** Verdicts by server and metric; null where there is only one server. */
  readonly matrix: TableView | null;
  readonly effects: EffectsView;
  readonly launches: EffectsView;
  readonly remarks: readonly string[];
  readonly notCompared: readonly string[];
  readonly errorRates: readonly string[];
  readonly facts: readonly Fact[];
  readonly command: string;
}

/** What both pictures say of themselves but their titles and captions: the table above them has the figures. */
const PICTURE = { scenario: null, description: 'The table of verdicts holds the figures.' } as const;

export function duetView(comparison: DuetComparison, commandLine: readonly string[]): DuetView {
  const { duet, base, head } = comparison;
  const rows = rowsOf(comparison);
  return {
    title: `${head.label} against ${base.label}`,
    verdict: duet.verdict,
    outcome: OUTCOMES[duet.verdict],
    lead: leadOf(duet.verdict, duet.failures, rows),
    counts: countsOf(comparison),
    rows,
    tone: TONES[duet.verdict],
    failures: failuresTable(duet.failures),
    failureSentences: failureSentences(duet.failures),
    table: tableOf(comparison, rows),
    matrix: matrixOf(rows),
    effects: {
      ...PICTURE,
      id: 'effects',
      title: 'Effect of each gate with its 95 % interval; right is worse',
      caption: GATES_CAPTION,
      spec: gateEffects(
        rows.map((row) => ({ ...row, server: null, tone: TONES[row.verdict], note: row.outcome })),
      ),
    },
    launches: {
      ...PICTURE,
      id: 'launches',
      title: 'Difference of each launch, turned so that right is worse',
      caption: LAUNCHES_CAPTION,
      spec: launchStrip(rows.map((row) => ({ ...row, server: null }))),
    },
    remarks: comparison.remarks,
    notCompared: comparison.notCompared.map(
      ({ server, why }) => `Not compared: ${server ? `${server}: ${why}` : why}`,
    ),
    errorRates: duet.errorRates ? errorRateSentences(duet.errorRates) : [],
    facts: [
      { name: 'base', value: base.label },
      { name: 'head', value: head.label },
      { name: 'run', value: duet.runId },
      { name: 'seed', value: String(duet.seed) },
      { name: 'SHA-256 of the plan, written before the first launch', value: duet.planHash },
      { name: 'tool version', value: base.toolVersion },
      { name: 'started', value: base.startedAt },
    ],
    command: commandLine.join(' '),
  };
}

function leadOf(verdict: Verdict, failures: readonly JudgedFailures[], rows: readonly GateRow[]): string {
  const failing = failures.filter((each) => each.verdict === verdict);
  const such = rows.filter((row) => row.verdict === verdict);
  const named = [
    ...failing.map(({ subject, reason }) => `${subject}, failures: ${reason}`),
    ...such.map(({ subject, metric, effect }) => `${subject}, ${metric} ${effect}`),
  ].join('; ');
  switch (verdict) {
    case 'regression':
      return `Regression: ${named}.`;
    case 'improvement':
      return `Improvement, and nothing worse: ${named}.`;
    case 'no-change': {
      const clean = failures.every(({ base, head }) => base.failed + head.failed === 0);
      const failed = clean ? 'no launch failed' : 'launches failed, of the head no more than of the base';
      return `No change: all ${rows.length} gates are worse by less than their margin, for certain; ${failed}.`;
    }
    case 'inconclusive': {
      const gates = such.length > 0 ? [`${such.length} of ${rows.length} gates could not be decided`] : [];
      const may = failing.map(({ subject, reason }) => `${subject}, failures: ${reason}`);
      return `Inconclusive: ${[...may, ...gates].join('; ')}. This is not "no change".`;
    }
    case 'invalid':
      return `Invalid: ${such[0]?.reason ?? 'nothing was judged'}`;
  }
}

function countsOf({ duet, effects }: DuetComparison): string {
  const { look, launches, tookMs } = duet;
  const verdicts = Object.keys(OUTCOMES) as Verdict[];
  const counts = verdicts
    .map((verdict) => [effects.filter((effect) => effect.verdict === verdict).length, verdict] as const)
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => `${count} ${OUTCOMES[verdict]}`);
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
    `Simulated on ${launches} launches of the base against a copy of itself, made beside these: a false alarm of the gates in ${rate(falseAlarms)} of ${repetitions} whole comparisons.`,
    ...power.map(
      ({ gate, effect, found }) =>
        `A slowdown of ${formatPercent(effect - 1)} in ${gate} is found in ${rate(found)}.`,
    ),
  ];
}
