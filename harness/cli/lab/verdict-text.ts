/** What a check of the verdict says: its progress on stderr, its findings on stdout. */
import { formatPercent } from '../../analysis/text/format.ts';
import type { Rate } from '../../results/schema/comparison.ts';
import type { CheckedDuet } from '../../results/schema/verdict-check.ts';
import type { CheckCase } from '../../lab/verdict/cases.ts';
import type { Finding } from '../../lab/verdict/findings.ts';
import { percent } from '../../duet/judgement/phrases.ts';
import type { DuetEvent } from '../../duet/procedure.ts';
import { formatDuration } from '../../scenario/duration.ts';
import { table } from '../../analysis/text/table.ts';
import { liveLine, type Io } from '../io.ts';

/** How far a check is. */
export interface CheckProgress {
  /** Duets that are done, and all of them. */
  readonly made: number;
  readonly of: number;
  readonly leftMs: number;
}

/** One line for a duet that has ended. */
export function duetLine(
  { effect, verdict, gates, launches, tookMs }: CheckedDuet,
  progress: CheckProgress,
): string {
  const measured = gates[0]?.effect;
  const showed = measured === null || measured === undefined ? '' : `, ${percent(measured)} measured`;
  return `${progress.made}/${progress.of} ${nameOf(effect)}: ${verdict} after ${launches} launches${showed}, ${formatDuration(tookMs)}; ${left(progress)}`;
}

/** Draws the duet that is being made on one line of a terminal, again and again; nothing elsewhere. */
export function drawDuet(
  io: Pick<Io, 'err' | 'live' | 'columns'>,
  what: string,
  progress: CheckProgress,
): (event: DuetEvent) => void {
  return (event) => {
    if (event.kind === 'analysed') return;
    const { round } = event.kind === 'launch-started' ? event.launch : event.record.launch;
    liveLine(io, `  ${what}, launch ${round}; ${left(progress)}`);
  };
}

function left({ leftMs }: CheckProgress): string {
  if (leftMs <= 0) return 'the last one';
  return leftMs < 60_000 ? 'less than a minute left' : `about ${Math.round(leftMs / 60_000)} min left`;
}

/** The table of all cases. */
export function describeFindings(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'No duet was completed.\n';
  return table(
    [
      'injected',
      'measured (95 %)',
      'regressions',
      'real rate (95 %)',
      'simulated rate (95 %)',
      'the others',
      'launches',
      'longest',
    ],
    findings.map(({ effect, measured, real, others, meanLaunches, longestMs, simulated }) => [
      nameOf(effect),
      measured
        ? `${percent(measured.effect)} (${percent(measured.interval.low)} to ${percent(measured.interval.high)})`
        : '–',
      `${real.count} of ${real.of}`,
      rateText(real),
      simulated ? rateText(simulated) : 'too few A/A launches',
      others.length === 0 ? '–' : others.map(({ verdict, count }) => `${count} ${verdict}`).join(', '),
      meanLaunches.toFixed(1),
      formatDuration(longestMs),
    ]),
  );
}

/** What a case is called. */
export function nameOf(effect: CheckCase['effect']): string {
  return effect === 0 ? 'nothing (A/A)' : `+${formatPercent(effect)} CPU`;
}

function rateText({ rate, interval }: Rate): string {
  return `${formatPercent(rate)} (${formatPercent(interval.low)} to ${formatPercent(interval.high)})`;
}
