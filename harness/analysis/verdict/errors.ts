/** What failed of one server's exchanges and connections: kind, count, share, first words. */
import type { Cell } from '../../results/schema/summary.ts';
import { failuresOf } from '../cells/faults.ts';
import { formatPercent } from '../text/format.ts';
import { counted, listed } from '../text/phrases.ts';

/** Longest quotation of a message. */
const WORDS = 60;

/** One part of a sentence over all cells of a server; none where nothing failed. */
export function errorsOf(cells: readonly Cell[]): string[] {
  const counts = new Map<string, number>();
  for (const [kind, count] of cells.flatMap(({ errors }) => failuresOf(errors))) {
    counts.set(kind, (counts.get(kind) ?? 0) + count);
  }
  if (counts.size === 0) return [];
  const failed = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const tried = cells.reduce((sum, { attempts }) => sum + attempts.connects + attempts.exchanges, 0);
  const messages = new Map(
    cells
      .flatMap(({ firstErrors }) => firstErrors.map(({ kind, message }) => [kind, message] as const))
      .toReversed(),
  );
  const kinds = [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, count]) => {
      const message = messages.get(kind);
      return `${count.toLocaleString('en')} ${kind}${message ? ` ("${short(message)}")` : ''}`;
    });
  const share = tried > 0 ? `, ${formatPercent(failed / tried, 2)} of all` : '';
  const what = counted(failed, 'exchange or connection', 'exchanges or connections');
  return [`${what} failed${share}: ${listed(kinds)}`];
}

function short(message: string): string {
  const [line = ''] = message.split('\n');
  return line.length > WORDS ? `${line.slice(0, WORDS - 1)}…` : line;
}
