/** Every cell with every metric as CSV: one row a cell and metric, so that no column depends on the run. */
import type { Summary } from '../../harness/results/schema/summary.ts';
import { csvLines } from '../../harness/analysis/text/csv.ts';
import type { Report } from '../view/report.ts';
import type { Output } from './output.ts';

const HEADER = [
  'scenario',
  'server',
  'clients',
  'metric',
  'unit',
  'n',
  'median',
  'low',
  'high',
  'level',
  'min',
  'max',
  'outliers',
  'trials_planned',
  'trials_completed',
  'trials_failed',
  'trials_aborted',
  'trials_invalid',
  'clients_asked',
  'clients_lost',
  'clients_failed',
  /** Whether the figure comes from valid trials. */
  'valid',
  'not_valid',
  'held_at_once',
  'connects_begun',
  'exchanges_begun',
  'errors',
  'first_errors',
] as const;

export const csv = {
  files: (report: Report) => (report.kind === 'run' ? { 'summary.csv': summaryCsv(report.summary) } : {}),
} satisfies Output;

function summaryCsv(summary: Summary): string {
  const rows = summary.cells.flatMap((cell) => {
    const { planned, completed, failed, aborted, invalid } = cell.trials;
    const { asked, lost, failed: failedClients } = cell.outcomes;
    const whatHappened = [
      cell.invalidOnly ? 'no' : 'yes',
      cell.notValid.map(({ message }) => message).join(' '),
      cell.heldAtOnce?.median,
      ...[cell.attempts.connects, cell.attempts.exchanges],
      Object.entries(cell.errors)
        .map(([kind, count]) => `${kind} ${count}`)
        .join('; '),
      cell.firstErrors.map(({ kind, message }) => `${kind}: ${message}`).join('; '),
    ];
    const measured = summary.metrics.filter(({ id }) => cell.metrics[id]);
    // A cell without any figure still has its row: that it failed is a result.
    const metrics = measured.length > 0 ? measured : [undefined];
    return metrics.map((metric) => {
      const estimate = metric ? cell.metrics[metric.id] : undefined;
      const { interval } = estimate ?? {};
      return [
        ...[cell.scenario, cell.server, cell.clients, metric?.id, metric?.unit],
        ...[estimate?.n ?? 0, estimate?.median, interval?.low, interval?.high, interval?.level],
        ...[estimate?.min, estimate?.max, estimate?.outliers],
        ...[planned, completed, failed, aborted, invalid, asked, lost, failedClients],
        ...whatHappened,
      ];
    });
  });
  return `${csvLines([HEADER, ...rows])}\r\n`;
}
