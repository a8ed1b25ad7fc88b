/** Stevens' table as text. */
import { TABLE_CONNECTIONS } from '../../lab/stevens/designs.ts';
import type { HerdRow } from '../../lab/stevens/herd.ts';
import type { StevensRow, StevensSetting } from '../../lab/stevens/stevens.ts';
import { table } from '../../analysis/text/table.ts';

export function stevensText(
  setting: StevensSetting,
  rounds: number,
  rows: readonly StevensRow[],
  herd: readonly HerdRow[],
): string {
  return [
    processControl(setting, rounds, rows),
    distribution(rows),
    ...(herd.length > 0 ? [herdTable(herd)] : []),
  ].join('\n');
}

function processControl(setting: StevensSetting, rounds: number, rows: readonly StevensRow[]): string {
  const { children, loops, bytes, workers } = setting;
  const title =
    `Process-control CPU for ${TABLE_CONNECTIONS} connections, difference from the iterative server, in seconds;\n` +
    `${children} clients × ${loops} connections of ${bytes} bytes, ${workers} workers, medians of ${rounds} rounds (lowest to highest)\n\n`;
  return (
    title +
    table(
      ['', 'design', 'server', 'µs/connection', 'seconds', '', 'published'],
      rows.map((row) => [
        String(row.design),
        row.title,
        row.server ?? 'none here',
        row.cpuPerConnectionUs?.toFixed(1) ?? '–',
        row.processControlS?.median.toFixed(3) ?? '–',
        row.processControlS && row.design > 0
          ? `(${row.processControlS.low.toFixed(3)} to ${row.processControlS.high.toFixed(3)})`
          : '',
        row.publishedS.toFixed(2),
      ]),
    )
  );
}

function distribution(rows: readonly StevensRow[]): string {
  const pools = rows.flatMap(({ server, distribution: of }) => (of ? [{ server, of }] : []));
  return (
    'Connections by worker\n\n' +
    table(
      ['server', 'workers', 'min', 'median', 'max', 'share of the busiest'],
      pools.map(({ server = '', of }) => [
        server,
        String(of.workers),
        String(of.min),
        String(of.median),
        String(of.max),
        `${(of.busiestShare * 100).toFixed(1)} % (even: ${(100 / of.workers).toFixed(1)} %)`,
      ]),
    )
  );
}

function herdTable(herd: readonly HerdRow[]): string {
  const sizes = herd[0]?.points.map(({ workers }) => String(workers)) ?? [];
  return (
    'The herd: CPU µs a connection by number of workers\n\n' +
    table(
      ['server', ...sizes],
      herd.map(({ server, points }) => [
        server,
        ...points.map(({ cpuPerConnectionUs }) => cpuPerConnectionUs?.toFixed(1) ?? '–'),
      ]),
    )
  );
}
