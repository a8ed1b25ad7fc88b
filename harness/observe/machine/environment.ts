/**
 * What a measurement depends on besides server and load. *Identity* must be equal for two runs to be compared;
 * *state* changes by itself, and is recorded and warned about.
 */
import os from 'node:os';
import type {
  Environment,
  EnvironmentIdentity,
  EnvironmentState,
  Fact,
  Limit,
} from '../../results/schema/run.ts';
import { cgroupLimits } from '../cpu/own-cgroups.ts';
import { parseLimit, parseFields, bytesField } from '../parse/fields.ts';
import { valueOf } from '../unreadable.ts';
import { parseCpuInfo, parseLoadAverage, parseMachineStat, parsePressure } from '../parse/machine.ts';
import { readKernelUnits } from './kernel-units.ts';
import { ProcFs } from '../proc-fs.ts';

const TCP_SETTINGS = [
  'tcp_abort_on_overflow',
  'tcp_autocorking',
  'tcp_congestion_control',
  'tcp_fastopen',
  'tcp_fin_timeout',
  'tcp_max_syn_backlog',
  'tcp_max_tw_buckets',
  'tcp_rmem',
  'tcp_slow_start_after_idle',
  'tcp_syn_retries',
  'tcp_synack_retries',
  'tcp_syncookies',
  'tcp_timestamps',
  'tcp_tw_reuse',
  'tcp_wmem',
];

/** The roots of the kernel's files. */
export interface KernelFiles {
  readonly proc: ProcFs;
  readonly sys: ProcFs;
}

/** Reads identity and state of this machine, in a few milliseconds. */
export function readEnvironment(
  { proc, sys }: KernelFiles = { proc: new ProcFs('/proc'), sys: new ProcFs('/sys') },
): Environment {
  return { identity: readIdentity(proc, sys), state: readState(proc, sys) };
}

function readIdentity(proc: ProcFs, sys: ProcFs): EnvironmentIdentity {
  const status = valueOf(proc.parse('self/status', parseFields));
  const limit = (row: string): Limit | null =>
    valueOf(proc.parse('self/limits', (bytes) => parseLimit(bytes, row))) ?? null;
  return {
    cpuModel: valueOf(proc.parse('cpuinfo', parseCpuInfo))?.model ?? os.cpus()[0]?.model ?? null,
    cpuCount: os.cpus().length,
    cpusAllowed: status?.get('Cpus_allowed_list') ?? null,
    architecture: process.arch,
    kernel: `${os.release()} ${os.version()}`,
    mitigations: readMitigations(sys),
    cgroupLimits: cgroupLimits(proc),
    openFiles: limit('Max open files'),
    processes: limit('Max processes'),
    somaxconn: setting(proc, 'sys/net/core/somaxconn'),
    tcp: Object.fromEntries(TCP_SETTINGS.map((name) => [name, setting(proc, `sys/net/ipv4/${name}`)])),
    portRange: setting(proc, 'sys/net/ipv4/ip_local_port_range'),
    hugePages: selected(valueOf(sys.text('kernel/mm/transparent_hugepage/enabled'))),
    clockSource: setting(sys, 'devices/system/clocksource/clocksource0/current_clocksource'),
    nodeVersion: process.version,
    libc: libcVersion(),
  };
}

function readState(proc: ProcFs, sys: ProcFs): EnvironmentState {
  const memory = valueOf(proc.parse('meminfo', parseFields)) ?? new Map<string, string>();
  const machine = valueOf(proc.parse('stat', parseMachineStat));
  const pressure = (resource: string): number | null =>
    valueOf(proc.parse(`pressure/${resource}`, parsePressure))?.someAvg10 ?? null;
  return {
    governor: setting(sys, 'devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    cpuMhz: valueOf(proc.parse('cpuinfo', parseCpuInfo))?.mhz ?? [],
    load: valueOf(proc.parse('loadavg', parseLoadAverage))?.load ?? null,
    pressure: { cpu: pressure('cpu'), memory: pressure('memory'), io: pressure('io') },
    stealMs: machine === undefined ? null : (machine.total.steal * readKernelUnits().tickNs) / 1e6,
    uptimeS: os.uptime(),
    memoryTotalBytes: valueOf(bytesField(memory, 'MemTotal')) ?? null,
    memoryAvailableBytes: valueOf(bytesField(memory, 'MemAvailable')) ?? null,
  };
}

function readMitigations(sys: ProcFs): Record<string, string> {
  const folder = 'devices/system/cpu/vulnerabilities';
  const names = valueOf(sys.list(folder)) ?? [];
  return Object.fromEntries(
    names.toSorted().flatMap((name) => {
      const text = valueOf(sys.text(`${folder}/${name}`));
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

/** A number, or words separated by single blanks. */
function setting(files: ProcFs, path: string): Fact {
  const text = valueOf(files.text(path))?.replaceAll(/\s+/g, ' ');
  return text === undefined ? null : /^\d+$/.test(text) ? Number(text) : text;
}

/** The bracketed choice of `always [madvise] never`. */
function selected(choices: string | undefined): Fact {
  return /\[(.+)\]/.exec(choices ?? '')?.[1] ?? null;
}

function libcVersion(): string {
  // Without this the report resolves the names of network addresses.
  Object.assign(process.report, { excludeNetwork: true });
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined ? 'musl' : `glibc ${header.glibcVersionRuntime}`;
}
