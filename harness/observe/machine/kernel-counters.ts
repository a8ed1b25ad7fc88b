/**
 * Counters of the machine (for TCP, of this network namespace) around a trial: they show whether the kernel dropped
 * something and whether other programs used the machine.
 */
import type { KernelCounters } from '../../results/schema/trial.ts';
import {
  parseNamedCounters,
  parseTimeWait,
  parseMachineStat,
  parsePressure,
  parseStealTicks,
} from '../parse/machine.ts';
import { readKernelUnits } from './kernel-units.ts';
import { ProcFs } from '../proc-fs.ts';
import { isUnreadable, valueOf } from '../unreadable.ts';

type Counter =
  | 'listenOverflows'
  | 'listenDrops'
  | 'synRetransmits'
  | 'retransSegs'
  | 'stealTicks'
  | 'busyTicks'
  | 'contextSwitches'
  | 'cpuPressureUs';

/** The counters at one moment; undefined where unreadable. */
export interface KernelReading extends Readonly<Record<Counter | 'timeWait', number | undefined>> {
  readonly tickMs: number;
}

/** Reads the counters. */
export function readKernelCounters(proc = new ProcFs()): KernelReading {
  const netstat = valueOf(proc.parse('net/netstat', parseNamedCounters));
  const machine = valueOf(proc.parse('stat', parseMachineStat));
  return {
    listenOverflows: netstat?.get('TcpExt.ListenOverflows'),
    listenDrops: netstat?.get('TcpExt.ListenDrops'),
    synRetransmits: netstat?.get('TcpExt.TCPSynRetrans'),
    retransSegs: valueOf(proc.parse('net/snmp', parseNamedCounters))?.get('Tcp.RetransSegs'),
    stealTicks: machine?.total.steal,
    busyTicks: machine?.total.busy,
    contextSwitches: machine?.contextSwitches,
    cpuPressureUs: valueOf(proc.parse('pressure/cpu', parsePressure))?.someTotalUs,
    timeWait: valueOf(proc.parse('net/sockstat', parseTimeWait)),
    tickMs: readKernelUnits().tickNs / 1e6,
  };
}

/** The growth between two readings. @param accountedNs CPU time of the processes that were meant to run */
export function kernelCountersBetween(
  before: KernelReading,
  after: KernelReading,
  accountedNs: number,
): KernelCounters {
  const grown = (name: Counter): number | null => growth(before[name], after[name]);
  const steal = grown('stealTicks');
  const busy = grown('busyTicks');
  const figures = {
    listenOverflows: grown('listenOverflows'),
    listenDrops: grown('listenDrops'),
    synRetransmits: grown('synRetransmits'),
    retransSegs: grown('retransSegs'),
    timeWait: after.timeWait ?? null,
    stealMs: steal === null ? null : steal * after.tickMs,
    cpuPressureUs: grown('cpuPressureUs'),
    contextSwitches: grown('contextSwitches'),
    foreignCpuMs: busy === null ? null : Math.max(0, busy * after.tickMs - accountedNs / 1e6),
  };
  const unreadable = Object.entries(figures).flatMap(([name, figure]) => (figure === null ? [name] : []));
  return { ...figures, unreadable };
}

/** Enough bytes for the first line of /proc/stat, that of the whole machine; lines by CPU and interrupt follow. */
const FIRST_LINE = 256;

/**
 * Starts measuring steal time. The returned function gives the steal since then, in milliseconds summed over CPUs;
 * null where the kernel does not report it or has set it back.
 */
export function stealMeter(proc: ProcFs, tickNs: number): () => number | null {
  const read = (): number | undefined => {
    const bytes = proc.read('stat', FIRST_LINE);
    return isUnreadable(bytes) ? undefined : valueOf(parseStealTicks(bytes));
  };
  const first = read();
  return () => {
    const ticks = first === undefined ? null : growth(first, read());
    return ticks === null ? null : (ticks * tickNs) / 1e6;
  };
}

const WRAP = 2 ** 32;

/**
 * The growth of a counter. A fall from the upper half of 32 bits is a wrap (64-bit counters do not wrap in practice);
 * any other fall is a reset, as hypervisors do with steal time, and the growth is null.
 */
export function growth(before: number | undefined, after: number | undefined): number | null {
  if (before === undefined || after === undefined) return null;
  if (after >= before) return after - before;
  return before < WRAP && before >= WRAP / 2 ? after + WRAP - before : null;
}
