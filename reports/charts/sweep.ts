/** What all charts of a metric against the number of clients share: axes, points, caption, description. */
import { formatEstimate } from '../../harness/analysis/text/format.ts';
import { counted, sentence } from '../../harness/analysis/text/phrases.ts';
import type { AxisSpec, ReferenceSpec, SeriesSpec } from '../drawing/spec.ts';
import type { MetricDefinition } from '../../harness/results/schema/plan.ts';
import type { ScenarioScope } from '../view/scope.ts';
import type { ChartView, SectionId } from '../view/view.ts';
import { pointOf, spreadOf } from '../view/estimate.ts';

/** Heights in px: the picture of the project, and the charts that stand two abreast. */
export const WIDE_HEIGHT = 460;
export const NARROW_HEIGHT = 300;

/** From so many servers on, bands and fits would hide the lines: they show for the highlighted server alone. */
const MANY = 8;

export interface SweepOptions {
  readonly section: SectionId;
  readonly metric: string;
  readonly title?: string;
  readonly wide?: boolean;
  readonly references?: readonly ReferenceSpec[];
  readonly curve?: (server: number) => SeriesSpec['curve'];
  readonly knee?: (server: number) => SeriesSpec['knee'];
  /** The curves show for the highlighted server alone, however few there are. */
  readonly quietCurves?: boolean;
  /** A sentence more for the caption. */
  readonly remark?: string;
}

/** Figures that may be 0 or that have no meaning on a log axis. */
const LINEAR_UNITS = new Set(['ratio']);

/** The axis of client counts, the same in every chart of a scenario. */
function clientsAxis(scope: ScenarioScope): AxisSpec {
  return { title: 'clients', unit: 'count', scale: 'log', switchable: true, ticks: scope.levels };
}

/** The chart of a metric of all servers against clients; none where no cell carries it. */
export function sweepChart(scope: ScenarioScope, options: SweepOptions): ChartView[] {
  const metric = scope.metrics.get(options.metric);
  if (!metric) return [];
  const series = scope.servers.flatMap((_, server): SeriesSpec[] => {
    const points = scope
      .cellsOf(server)
      .map((cell) => pointOf(cell, metric.id))
      .filter((point) => point !== undefined);
    if (points.length === 0) return [];
    const curve = options.curve?.(server);
    const knee = options.knee?.(server);
    return [{ server, points, ...(curve?.length ? { curve } : {}), ...(knee ? { knee } : {}) }];
  });
  if (!series.some(({ points }) => points.some((point) => point[1] !== null))) return [];
  const title = options.title ?? sentence(metric.title);
  return [
    {
      id: chartId(options.section, metric.id, scope),
      section: options.section,
      scenario: scope.index,
      title,
      description: describe(scope, metric, title),
      caption: [metric.description, bandNote(scope, metric), missingNote(scope, metric), options.remark]
        .filter(Boolean)
        .join(' '),
      wide: options.wide ?? false,
      spec: {
        x: clientsAxis(scope),
        y: {
          title,
          unit: metric.unit,
          scale: LINEAR_UNITS.has(metric.unit) ? 'linear' : 'log',
          switchable: true,
        },
        series,
        references: options.references ?? [],
        kind: 'sweep',
        dots: options.wide === true || series.length <= MANY,
        labels: true,
        quiet: { curves: options.quietCurves === true || series.length > MANY, bands: series.length > MANY },
        height: heightOf(scope, series.length, options.wide === true),
      },
    },
  ];
}

/** `elapsed`, or `elapsed-2` for the second scenario: names the chart's file and its place in the page. */
export function chartId(section: SectionId, metric: string, scope: ScenarioScope): string {
  const slug = metric
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  const name = slug === section ? section : `${section}-${slug}`;
  return scope.index === 0 ? name : `${name}-${scope.index + 1}`;
}

/** Room for a name beside every line; with a single client count there are no lines, only points one above the other. */
function heightOf(scope: ScenarioScope, servers: number, wide: boolean): number {
  const names = servers * 15 + 105;
  if (scope.levels.length > 1) return wide ? Math.max(WIDE_HEIGHT, names) : NARROW_HEIGHT;
  return Math.min(wide ? WIDE_HEIGHT : NARROW_HEIGHT, Math.max(170, names));
}

/** What the bands are: it depends on how many trials a cell has. */
function bandNote(scope: ScenarioScope, metric: MetricDefinition): string {
  const kinds = new Set<string>();
  let most = 0;
  for (const server of scope.servers.keys()) {
    for (const cell of scope.cellsOf(server)) {
      const estimate = cell.metrics[metric.id];
      if (!estimate) continue;
      kinds.add(spreadOf(estimate)?.kind ?? 'single');
      most = Math.max(most, estimate.n);
    }
  }
  if (most === 1) return 'Each point is a single trial: nothing can be said about how it varies.';
  const band = kinds.has('interval')
    ? kinds.has('range')
      ? 'its 95 % interval, or the range of all trials where they are too few for one'
      : 'its 95 % interval'
    : `the range of all trials (at most ${most} a point, too few for a 95 % interval)`;
  return `Line: median of the trials; band: ${band}.`;
}

/** Why points are missing whose figure was looked for; nothing where none is. */
function missingNote(scope: ScenarioScope, metric: MetricDefinition): string {
  for (const [index, { name }] of scope.servers.entries()) {
    for (const { clients, absent } of scope.cellsOf(index)) {
      const why = absent?.[metric.id];
      if (why !== undefined)
        return `A point is missing where the figure is not resolved (${name}, ${counted(clients, 'client')}: ${why}).`;
    }
  }
  return '';
}

/** The figures at the most clients in words: of every server, or of the extremes where a list would be too long to hear. */
function describe(scope: ScenarioScope, metric: MetricDefinition, title: string): string {
  const [first, last] = [scope.levels[0] ?? 0, scope.levels.at(-1) ?? 0];
  const range = first === last ? counted(last, 'client') : `${first} to ${counted(last, 'client')}`;
  const ends = scope.servers.flatMap(({ name }, server) => {
    const cell = scope.cellsOf(server).findLast((one) => one.metrics[metric.id]);
    const estimate = cell?.metrics[metric.id];
    return cell && estimate ? [{ name, clients: cell.clients, estimate }] : [];
  });
  const figure = ({ name, clients, estimate }: (typeof ends)[number]): string =>
    `${name}: ${formatEstimate(estimate, metric.unit)} at ${counted(clients, 'client')}.`;
  const ordered = ends.toSorted((a, b) => a.estimate.median - b.estimate.median);
  const [lowest, highest] = [ordered[0], ordered.at(-1)];
  const figures =
    ends.length > MANY && lowest && highest
      ? `Lowest, ${figure(lowest)} Highest, ${figure(highest)} The table in section 13 holds all.`
      : ends.map(figure).join(' ');
  return `${title} against ${range}, one line a server. ${figures}`;
}
