/** The reports that clients of topn made, of all workers of a server: a file in its folder, a line of JSON each. */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestOf } from '../../wire/methods.ts';

export type Report = RequestOf<'topn.report'>;

export interface Reports {
  add(report: Report): void;
  /** How many there are, and the latest of them, oldest first. */
  read(latest: number): { readonly total: number; readonly latest: readonly Report[] };
}

export function openReports(folder: string): Reports {
  const file = join(folder, 'reports.jsonl');
  return {
    // Appended in one short write each, so that those of several workers do not mix.
    add: ({ name, pid, userTicks, systemTicks }) =>
      appendFileSync(file, `${JSON.stringify([name, pid, `${userTicks}`, `${systemTicks}`])}\n`),
    read: (latest) => {
      const lines = readFileSync(file, { encoding: 'utf8', flag: 'a+' }).split('\n').slice(0, -1);
      return { total: lines.length, latest: latest === 0 ? [] : lines.slice(-latest).map(reportOf) };
    },
  };
}

function reportOf(line: string): Report {
  const [name, pid, user, system] = JSON.parse(line) as [string, number, string, string];
  return { name, pid, userTicks: BigInt(user), systemTicks: BigInt(system) };
}
