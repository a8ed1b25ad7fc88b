import type { Limit } from '../../results/schema/environment.ts';
import type { Unreadable } from '../types.ts';
import { malformed, wholeNumber } from './scan.ts';

/** One row of /proc/<pid>/limits, such as `Max open files`. */
export function parseLimit(bytes: Buffer, row: string): Limit | Unreadable {
  for (const line of bytes.toString('latin1').split('\n')) {
    if (!line.startsWith(`${row} `)) continue;
    const [soft, hard] = line.slice(row.length).trim().split(/ +/).map(limitValue);
    if (soft !== undefined && hard !== undefined && !Number.isNaN((soft ?? 0) + (hard ?? 0)))
      return { soft, hard };
  }
  return malformed(`limits: ${row}`);
}

function limitValue(text: string): number | null {
  return text === 'unlimited' ? null : wholeNumber(text);
}
