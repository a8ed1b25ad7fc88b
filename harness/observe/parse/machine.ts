/** Parsers of files about the machine, or about this network namespace. */
import type { Unreadable } from '../unreadable.ts';
import { malformed, wholeNumber } from './scan.ts';

/** CPU time of the machine or of one CPU since boot, in clock ticks (/proc/stat). */
export interface CpuTicks {
  /** user + nice + system + irq + softirq; user already includes guests. */
  readonly busy: number;
  /** Time during which the hypervisor ran something else. */
  readonly steal: number;
}

export interface MachineStat {
  readonly total: CpuTicks;
  /** By CPU number; offline CPUs are missing. */
  readonly cpus: ReadonlyMap<number, CpuTicks>;
  readonly contextSwitches: number;
}

/** Parses /proc/stat (proc_stat(5)). */
export function parseMachineStat(bytes: Buffer): MachineStat | Unreadable {
  let total: CpuTicks | undefined;
  let contextSwitches = Number.NaN;
  const cpus = new Map<number, CpuTicks>();
  const lines = bytes.toString('latin1').split('\n');
  lines.pop();
  for (const line of lines) {
    const [name = '', ...rest] = line.split(/ +/);
    if (name === 'ctxt') contextSwitches = wholeNumber(rest[0]);
    const [, cpu] = /^cpu(\d*)$/.exec(name) ?? [];
    if (cpu === undefined) continue;
    const [user, nice, system, , , irq, softirq, steal] = rest.map(wholeNumber);
    const busy = (user ?? NaN) + (nice ?? NaN) + (system ?? NaN) + (irq ?? NaN) + (softirq ?? NaN);
    if (Number.isNaN(busy) || steal === undefined || Number.isNaN(steal))
      return malformed('stat of the machine');
    if (cpu === '') total = { busy, steal };
    else cpus.set(Number(cpu), { busy, steal });
  }
  if (total === undefined || Number.isNaN(contextSwitches)) return malformed('stat of the machine');
  return { total, cpus, contextSwitches };
}

/** The steal time of the machine in clock ticks, from the first line of /proc/stat. */
export function parseStealTicks(bytes: Buffer): number | Unreadable {
  const [, steal] = /^cpu +(?:\d+ ){7}(\d+)\b/.exec(bytes.toString('latin1')) ?? [];
  return steal === undefined ? malformed('stat of the machine') : Number(steal);
}

/** The `some` line of a pressure file: the time in which at least one task waited for the resource. */
export interface Pressure {
  /** Per cent over the last 10 s. */
  readonly someAvg10: number;
  /** Microseconds since boot. */
  readonly someTotalUs: number;
}

/** Parses /proc/pressure/* (Documentation/accounting/psi). */
export function parsePressure(bytes: Buffer): Pressure | Unreadable {
  const text = bytes.toString('latin1');
  const [, avg10, total] = /^some avg10=(\d+\.\d+) avg60=\S+ avg300=\S+ total=(\d+)\n/.exec(text) ?? [];
  return total === undefined
    ? malformed('pressure')
    : { someAvg10: Number(avg10), someTotalUs: Number(total) };
}

export interface LoadAverage {
  /** Runnable and uninterruptible tasks, averaged over 1, 5 and 15 minutes. */
  readonly load: readonly [number, number, number];
  /** The newest process or thread number; unchanged while none is started. */
  readonly lastPid: number;
}

/** Parses /proc/loadavg (proc_loadavg(5)). */
export function parseLoadAverage(bytes: Buffer): LoadAverage | Unreadable {
  const text = bytes.toString('latin1');
  const [, one, five, fifteen, last] = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+) \d+\/\d+ (\d+)\n/.exec(text) ?? [];
  if (last === undefined) return malformed('loadavg');
  return { load: [Number(one), Number(five), Number(fifteen)], lastPid: Number(last) };
}

/** CPU model and frequencies from /proc/cpuinfo; arm64 gives neither. */
export interface CpuInfo {
  readonly model: string | null;
  /** Current frequency by CPU, in MHz. */
  readonly mhz: readonly number[];
}

export function parseCpuInfo(bytes: Buffer): CpuInfo {
  const text = bytes.toString('latin1');
  const [, model] = /^model name\s*: (.+)$/m.exec(text) ?? [];
  const mhz = [...text.matchAll(/^cpu MHz\s*: (\d+\.\d+)\n/gm)].map(([, figure]) => Number(figure));
  return { model: model ?? null, mhz };
}

/**
 * /proc/net/netstat and /proc/net/snmp: pairs of lines with the same prefix, names on the first, figures on the
 * second. Keys are joined: `TcpExt.ListenOverflows`. A figure that is no unsigned number (MaxConn is -1) is left out.
 */
export function parseNamedCounters(bytes: Buffer): ReadonlyMap<string, number> | Unreadable {
  const counters = new Map<string, number>();
  const lines = bytes.toString('latin1').split('\n');
  lines.pop();
  for (let row = 0; row + 1 < lines.length; row += 2) {
    const names = lines[row]?.split(' ') ?? [];
    const figures = lines[row + 1]?.split(' ') ?? [];
    const prefix = names[0];
    if (prefix === undefined || !prefix.endsWith(':') || prefix !== figures[0])
      return malformed('net counters');
    if (names.filter(Boolean).length !== figures.filter(Boolean).length) return malformed('net counters');
    for (const [column, name] of names.entries()) {
      const figure = wholeNumber(figures[column]);
      if (column > 0 && !Number.isNaN(figure)) counters.set(`${prefix.slice(0, -1)}.${name}`, figure);
    }
  }
  return counters.size > 0 ? counters : malformed('net counters');
}

/** Sockets in TIME_WAIT, from /proc/net/sockstat. */
export function parseTimeWait(bytes: Buffer): number | Unreadable {
  const [, digits] = /^TCP: (?:\S+ \d+ )*?tw (\d+) .*\n/m.exec(bytes.toString('latin1')) ?? [];
  const sockets = wholeNumber(digits);
  return Number.isNaN(sockets) ? malformed('net/sockstat') : sockets;
}

/** The cores of a list as the kernel writes it: `0-1,4` is 0, 1 and 4. */
export function coresOf(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(part.trim()) ?? [];
    if (from === undefined) return [];
    const first = Number(from);
    return Array.from({ length: Number(to ?? from) - first + 1 }, (_, i) => first + i);
  });
}
