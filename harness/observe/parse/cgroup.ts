import type { Unreadable } from '../unreadable.ts';
import { malformed, wholeNumber } from './scan.ts';

/** A mounted cgroup hierarchy, from /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export interface CgroupMount {
  readonly version: 1 | 2;
  readonly mountPoint: string;
  /** The cgroup at the mount point. */
  readonly root: string;
  /** Controllers of a version 1 hierarchy; empty for version 2. */
  readonly controllers: readonly string[];
}

const CONTROLLERS = new Set(['cpu', 'cpuacct', 'memory', 'pids']);

export function parseCgroupMounts(bytes: Buffer): readonly CgroupMount[] {
  const mounts: CgroupMount[] = [];
  for (const line of bytes.toString('utf8').split('\n')) {
    const [mount = '', filesystem] = line.split(' - ');
    const [, , , root, mountPoint] = mount.split(' ').map(unescapeOctal);
    const [type, , options = ''] = filesystem?.split(' ') ?? [];
    if (root === undefined || mountPoint === undefined) continue;
    if (type === 'cgroup2') mounts.push({ version: 2, mountPoint, root, controllers: [] });
    if (type !== 'cgroup') continue;
    const controllers = options.split(',').filter((option) => CONTROLLERS.has(option));
    mounts.push({ version: 1, mountPoint, root, controllers });
  }
  return mounts;
}

/** The kernel writes blanks, tabs, newlines and backslashes as octal escapes such as `\040`. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/**
 * The path of a process's cgroup in one hierarchy; undefined when it has none. /proc/<pid>/cgroup (cgroups(7)) has lines
 * of `id:controllers:path`; version 2 has id 0 and no controllers.
 */
export function parseOwnCgroup(bytes: Buffer, mount: CgroupMount): string | undefined {
  for (const line of bytes.toString('utf8').split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    const names = controllers.split(',').filter(Boolean);
    const same =
      mount.version === 2 ? line.startsWith('0::') : names.some((name) => mount.controllers.includes(name));
    if (same) return path;
  }
  return undefined;
}

/** CPU time in nanoseconds, in total and by mode. */
export interface CpuTime {
  readonly cpuNs: number;
  readonly userNs: number;
  readonly systemNs: number;
}

/** Parses cpu.stat of version 2, in microseconds; the file exists even without the cpu controller. */
export function parseCpuStat(bytes: Buffer): CpuTime | Unreadable {
  const figures = new Map<string, number>();
  const lines = bytes.toString('latin1').split('\n');
  lines.pop();
  for (const line of lines) {
    const [name = '', figure] = line.split(' ');
    figures.set(name, wholeNumber(figure));
  }
  const cpuNs = (figures.get('usage_usec') ?? Number.NaN) * 1000;
  const userNs = (figures.get('user_usec') ?? Number.NaN) * 1000;
  const systemNs = (figures.get('system_usec') ?? Number.NaN) * 1000;
  return Number.isNaN(cpuNs + userNs + systemNs) ? malformed('cpu.stat') : { cpuNs, userNs, systemNs };
}

/** Parses cpuacct.usage* of version 1: one number of nanoseconds and a newline. */
export function parseNanoseconds(bytes: Buffer): number | Unreadable {
  const [, digits] = /^(\d+)\n$/.exec(bytes.toString('latin1')) ?? [];
  const ns = wholeNumber(digits);
  return Number.isNaN(ns) ? malformed('cpuacct') : ns;
}
