/**
 * The list of processes that topn makes: lines of pid, user ticks, system ticks and name, separated by tabs, below a
 * line that names them. A process may call itself anything, so whatever is not plain ASCII in a name, and the
 * backslash, stand as \xHH, a byte each.
 */

export interface ProcessUse {
  readonly pid: number;
  /** CPU time in user and in kernel mode, in clock ticks (1/100 s on every Linux that Node runs on). */
  readonly userTicks: number;
  readonly systemTicks: number;
  /** Escaped, as in the list. */
  readonly name: string;
}

const HEADER = 'pid\tuser\tsystem\tname';

export function formatProcessList(processes: readonly ProcessUse[]): string {
  const lines = processes.map(
    ({ pid, userTicks, systemTicks, name }) => `${pid}\t${userTicks}\t${systemTicks}\t${name}`,
  );
  return [HEADER, ...lines, ''].join('\n');
}

/** The processes of a list, or undefined when the text is none. */
export function parseProcessList(text: string): ProcessUse[] | undefined {
  const [header, ...lines] = text.split('\n');
  if (header !== HEADER || lines.pop() !== '') return undefined;
  const processes: ProcessUse[] = [];
  for (const line of lines) {
    const match = /^(\d{1,10})\t(\d{1,15})\t(\d{1,15})\t([ -~]*)$/.exec(line);
    if (!match) return undefined;
    const [, pid, userTicks, systemTicks, name = ''] = match;
    processes.push({
      pid: Number(pid),
      userTicks: Number(userTicks),
      systemTicks: Number(systemTicks),
      name,
    });
  }
  return processes;
}

/** The one that used most CPU time, the lowest pid of several; undefined of none. */
export function topProcess(processes: readonly ProcessUse[]): ProcessUse | undefined {
  return processes.toSorted(byUse)[0];
}

/** Most CPU time first, then by pid. */
export function byUse(a: ProcessUse, b: ProcessUse): number {
  return b.userTicks + b.systemTicks - (a.userTicks + a.systemTicks) || a.pid - b.pid;
}

/** @param bytes of the name, one a character (latin1) */
export function escapeName(bytes: string): string {
  return bytes.replaceAll(/[^ -[\]-~]/g, (byte) => {
    return `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
