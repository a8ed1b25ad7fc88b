/** The cgroups of this process and their limits. */
import { parseCgroupMounts, parseOwnCgroup, type CgroupMount } from '../parse/cgroup.ts';
import { ProcFs } from '../proc-fs.ts';
import { valueOf } from '../unreadable.ts';
import type { CgroupLimits } from '../../results/schema/run.ts';

/** This process's place in one mounted cgroup hierarchy. */
export interface OwnCgroup {
  readonly version: 1 | 2;
  readonly controllers: readonly string[];
  /** The folder of this process's own cgroup. */
  readonly folder: string;
  /** The folder of the hierarchy's uppermost visible cgroup. */
  readonly mountPoint: string;
}

/** This process's cgroups in all mounted hierarchies. */
export function ownCgroups(proc: ProcFs): OwnCgroup[] {
  const mounts = valueOf(proc.parse('self/mountinfo', parseCgroupMounts)) ?? [];
  return mounts.flatMap((mount) => {
    const path = valueOf(proc.parse('self/cgroup', (bytes) => parseOwnCgroup(bytes, mount) ?? ''));
    const folder = folderOf(mount, path ?? '');
    if (folder === undefined) return [];
    return [{ version: mount.version, controllers: mount.controllers, folder, mountPoint: mount.mountPoint }];
  });
}

/** The folder of a cgroup; undefined when it lies outside the mount, as in some containers. */
export function folderOf(mount: CgroupMount, path: string): string | undefined {
  const root = mount.root === '/' ? '' : mount.root;
  if (!path.startsWith(`${root}/`) && (path !== root || path === '')) return undefined;
  return `${mount.mountPoint}${path.slice(root.length)}`.replace(/\/$/, '');
}

/** Version 1 writes "no limit" as the largest whole number of pages. */
const V1_UNLIMITED_BYTES = 2 ** 62;

/** Reads the tightest limits (Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/). */
export function cgroupLimits(proc: ProcFs): CgroupLimits {
  const cpus: number[] = [];
  const memoryBytes: number[] = [];
  const processes: number[] = [];
  for (const { folder, mountPoint } of ownCgroups(proc)) {
    for (const path of upTo(mountPoint, folder)) {
      const read = (name: string): string => valueOf(new ProcFs(path).text(name)) ?? '';
      const [quota, period] = read('cpu.max').split(' ').map(Number);
      const quotaV1 = Number(read('cpu.cfs_quota_us') || -1);
      cpus.push((quota ?? 0) / (period ?? 1), quotaV1 / Number(read('cpu.cfs_period_us')));
      memoryBytes.push(Number(read('memory.max')), Number(read('memory.limit_in_bytes')));
      processes.push(Number(read('pids.max')));
    }
  }
  return { cpus: lowest(cpus), memoryBytes: lowest(memoryBytes), processes: lowest(processes) };
}

/** A folder and its ancestors up to `top`, included. */
function upTo(top: string, folder: string): string[] {
  const above = folder.slice(top.length).split('/').filter(Boolean);
  return Array.from({ length: above.length + 1 }, (_, depth) => [top, ...above.slice(0, depth)].join('/'));
}

/** The lowest limit; `max` and missing files are no positive numbers and drop out. */
function lowest(limits: readonly number[]): number | null {
  const real = limits.filter((limit) => limit > 0 && limit < V1_UNLIMITED_BYTES);
  return real.length === 0 ? null : Math.min(...real);
}
