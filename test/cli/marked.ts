/** Finds processes by the mark that Holdfast puts into the environment of everything it starts. */
import { readdirSync, readFileSync } from 'node:fs';
import { SERVER_MARK } from '../../harness/observe/tree/tree.ts';

/** Pids of live processes whose mark begins so. */
export function markedProcesses(prefix: string): number[] {
  const wanted = `${SERVER_MARK}=${prefix}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environmentOf(pid).some((entry) => entry.startsWith(wanted)))
    .map(Number);
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return [];
  }
}
