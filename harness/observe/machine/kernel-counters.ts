/**
 * Counters of the whole machine (or, for TCP, of this network namespace) around a trial: they tell whether the kernel
 * lost something on the way, and whether anything else used the machine.
 */
import type { KernelCounters } from '../../results/schema/trial.ts';
import { parseNamedCounters, parseTimeWait, parseMachineStat, parsePressure } from '../parse/machine.ts';
import { readKernelUnits } from './kernel-units.ts';
import { ProcFs } from '../proc-fs.ts';
import { valueOf } from '../unreadable.ts';

const CUMULATIVE = [
  'listenOverflows',
  'listenDrops',
  'synRetransmits',
  'retransSegs',
  'stealTicks',
  'busyTicks',
  'contextSwitches',
  'cpuPressureUs',
] as const;
type Cumulative = (typeof CUMULATIVE)[number];

/** The counters at one moment. What could not be read is missing. */
export interface KernelReading {
  readonly counters: Readonly<Partial<Record<Cumulative, number>>>;
  readonly timeWait: number | undefined;
  readonly tickMs: number;
}

/** CPU time of those who were meant to run, in nanoseconds. */
export interface AccountedCpu {
  readonly treeCpuNs: number;
  readonly harnessCpuNs: number;
}

/** Reads all counters. */
export function readKernelCounters(proc = new ProcFs()): KernelReading {
  const counters: Partial<Record<Cumulative, number>> = {};
  const take = (name: Cumulative, figure: number | undefined): void => {
    if (figure !== undefined) counters[name] = figure;
  };
  const netstat = valueOf(proc.parse('net/netstat', parseNamedCounters));
  take('listenOverflows', netstat?.get('TcpExt.ListenOverflows'));
  take('listenDrops', netstat?.get('TcpExt.ListenDrops'));
  take('synRetransmits', netstat?.get('TcpExt.TCPSynRetrans'));
  take('retransSegs', valueOf(proc.parse('net/snmp', parseNamedCounters))?.get('Tcp.RetransSegs'));
  const machine = valueOf(proc.parse('stat', parseMachineStat));
  take('stealTicks', machine?.total.steal);
  take('busyTicks', machine?.total.busy);
  take('contextSwitches', machine?.contextSwitches);
  take('cpuPressureUs', valueOf(proc.parse('pressure/cpu', parsePressure))?.someTotalUs);
  return {
    counters,
    timeWait: valueOf(proc.parse('net/sockstat', parseTimeWait)),
    tickMs: readKernelUnits().tickNs / 1e6,
  };
}

/** What happened between two readings. */
export function kernelCountersBetween(
  before: KernelReading,
  after: KernelReading,
  accounted: AccountedCpu,
): KernelCounters {
  const grown = (name: Cumulative): number | null => growth(before.counters[name], after.counters[name]);
  const steal = grown('stealTicks');
  const busy = grown('busyTicks');
  const accountedMs = (accounted.treeCpuNs + accounted.harnessCpuNs) / 1e6;
  const figures = {
    listenOverflows: grown('listenOverflows'),
    listenDrops: grown('listenDrops'),
    synRetransmits: grown('synRetransmits'),
    retransSegs: grown('retransSegs'),
    timeWait: after.timeWait ?? null,
    stealMs: steal === null ? null : steal * after.tickMs,
    cpuPressureUs: grown('cpuPressureUs'),
    contextSwitches: grown('contextSwitches'),
    foreignCpuMs: busy === null ? null : Math.max(0, busy * after.tickMs - accountedMs),
  };
  const unreadable = Object.entries(figures).flatMap(([name, figure]) => (figure === null ? [name] : []));
  return { ...figures, unreadable };
}

const WRAP = 2 ** 32;

/**
 * How much a counter grew. One that fell has wrapped if it stood in the upper half of 32 bits (64-bit counters do not
 * wrap in practice); otherwise it was set back, as a hypervisor may do with steal time, and its growth is unknown.
 */
export function growth(before: number | undefined, after: number | undefined): number | null {
  if (before === undefined || after === undefined) return null;
  if (after >= before) return after - before;
  return before < WRAP && before >= WRAP / 2 ? after + WRAP - before : null;
}
