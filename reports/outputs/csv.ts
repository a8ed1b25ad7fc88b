/** Every cell with every metric as CSV (RFC 4180): one row a cell and metric, so that no column depends on the run. */
import type { Summary } from '../../harness/results/schema/summary.ts';
import { visible } from '../drawing/text.ts';

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
] as const;

/**
 * A field. Spreadsheets run a text that begins with `=`, `+`, `-` or `@` as a formula, quoted or not: such a text gets
 * an apostrophe before it (OWASP, CSV injection). Numbers stay as they are.
 */
export function csvField(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = visible(value);
  const inert = /^[\s]*[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

export function summaryCsv(summary: Summary): string {
  const lines = [HEADER.join(',')];
  for (const cell of summary.cells) {
    const { planned, completed, failed, aborted, invalid } = cell.trials;
    const { asked, lost, failed: failedClients } = cell.outcomes;
    const counts = [planned, completed, failed, aborted, invalid, asked, lost, failedClients];
    const measured = summary.metrics.filter(({ id }) => cell.metrics[id]);
    // A cell without any figure still has its row: that it failed is a result.
    const metrics = measured.length > 0 ? measured : [undefined];
    for (const metric of metrics) {
      const estimate = metric ? cell.metrics[metric.id] : undefined;
      const { interval } = estimate ?? {};
      const fields = [
        cell.scenario,
        cell.server,
        cell.clients,
        metric?.id,
        metric?.unit,
        estimate?.n ?? 0,
        estimate?.median,
        interval?.low,
        interval?.high,
        interval?.level,
        estimate?.min,
        estimate?.max,
        estimate?.outliers,
        ...counts,
      ];
      lines.push(fields.map(csvField).join(','));
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}
