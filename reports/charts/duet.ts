/** The effects of a duet with their intervals, as SVG. */
import { formatPercent } from '../../harness/analysis/text/format.ts';
import { escapeXml, fitText } from '../drawing/text.ts';
import { VERDICT_WORDS, type GateRow } from '../view/duet.ts';

const LABEL = 230;
const RIGHT = 112;
const WIDTH = 900;
const ROW = 34;
const TOP = 26;
const BOTTOM = 44;
const FONT_SIZE = 11.5;

/** Positions on a common axis of worse (right) and better (left), in log ratios. */
interface Axis {
  readonly x: (logRatio: number) => number;
  readonly ticks: readonly number[];
}

/** Half-width of the axis: wide enough for what is shown, but no single wild launch squeezes all others. */
function axisFor(logRatios: readonly number[]): Axis {
  const far = Math.max(0.06, ...logRatios.map(Math.abs));
  const half = Math.min(far * 1.08, 0.5);
  const step = [0.01, 0.02, 0.05, 0.1, 0.2].find((one) => half / one <= 3.5) ?? 0.2;
  const most = Math.floor(Math.expm1(half) / step);
  const ticks = Array.from({ length: 2 * most + 1 }, (_, i) => (i - most) * step).filter(
    (tick) => Math.log1p(tick) >= -half,
  );
  const left = LABEL;
  const width = WIDTH - LABEL - RIGHT;
  const clamp = (value: number): number => Math.max(-half, Math.min(half, value));
  return { x: (value) => left + (width * (clamp(value) + half)) / (2 * half), ticks };
}

/**
 * Effects of all gates with their 95 % intervals, turned so that right is worse. The line at delta is where an alarm
 * begins, the shaded part beyond the margin is what "no change" excludes.
 */
export function forestPlot(rows: readonly GateRow[]): string {
  const bounds = rows.flatMap(({ gate }) => {
    const { evidence } = gate.verdict;
    return evidence
      ? [evidence.effect, evidence.interval?.low ?? 1, evidence.interval?.high ?? 1].map(Math.log)
      : [];
  });
  const axis = axisFor([...bounds, ...rows.map(({ gate }) => Math.log1p(gate.margin))]);
  const marks = rows.map((row, i) => {
    const y = TOP + (i + 0.5) * ROW;
    const { delta, margin, verdict } = row.gate;
    const limits =
      `<rect class="beyond" x="${px(axis.x(Math.log1p(margin)))}" y="${px(y - ROW / 2 + 3)}" width="${px(WIDTH - RIGHT - axis.x(Math.log1p(margin)))}" height="${ROW - 6}"/>` +
      `<path class="delta" d="M${px(axis.x(Math.log1p(delta)))} ${px(y - ROW / 2 + 3)}v${ROW - 6}"/>`;
    const { evidence } = verdict;
    if (!evidence)
      return `${label(row, y)}${limits}<text class="tk m" x="${px(axis.x(0))}" y="${px(y + 4)}">not measured</text>`;
    const at = axis.x(Math.log(evidence.effect));
    const { interval } = evidence;
    const line = interval
      ? `<path class="ci" d="M${px(axis.x(Math.log(interval.low)))} ${px(y)}H${px(axis.x(Math.log(interval.high)))}"/>`
      : '';
    return `${label(row, y)}${limits}<g class="v-${row.verdict}">${line}<rect class="dot" x="${px(at - 4.5)}" y="${px(y - 4.5)}" width="9" height="9"/><text class="vd" x="${WIDTH - RIGHT + 10}" y="${px(y + 4)}">${VERDICT_WORDS[row.verdict]}</text></g>`;
  });
  return frame(
    'Effect of each gate with its 95 % interval; right is worse',
    rows.length,
    axis,
    marks.join(''),
    'effect, turned so that right is worse',
  );
}

function label({ subject, metric }: GateRow, y: number): string {
  const room = LABEL - 14;
  return (
    `<text class="e" x="${LABEL - 10}" y="${px(y - 1)}">${escapeXml(fitText(metric, FONT_SIZE, room))}</text>` +
    `<text class="tk e" x="${LABEL - 10}" y="${px(y + 12)}">${escapeXml(fitText(subject, FONT_SIZE, room))}</text>`
  );
}

function frame(title: string, rows: number, { x, ticks }: Axis, marks: string, caption: string): string {
  const bottom = TOP + rows * ROW;
  const grid = ticks.map((tick) => {
    const at = px(x(Math.log1p(tick)));
    const text = tick === 0 ? 'same' : `${tick > 0 ? '+' : '−'}${formatPercent(Math.abs(tick), 2)}`;
    return `<path class="${tick === 0 ? 'zero' : 'gr'}" d="M${at} ${TOP}V${bottom}"/><text class="tk m" x="${at}" y="${bottom + 16}">${text}</text>`;
  });
  return (
    `<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + BOTTOM}" width="${WIDTH}" height="${bottom + BOTTOM}" role="img" aria-label="${escapeXml(title)}"><title>${escapeXml(title)}</title>` +
    `${grid.join('')}${marks}<text class="tk m" x="${px((LABEL + WIDTH - RIGHT) / 2)}" y="${bottom + 34}">${escapeXml(caption)}</text></svg>`
  );
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
