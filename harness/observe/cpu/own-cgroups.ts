import { parseCgroupMounts, parseOwnCgroup, type CgroupMount } from '../parse/cgroup.ts';
import type { ProcFs } from '../proc-fs.ts';
import { valueOf } from '../types.ts';

/** Where this process stands in one mounted cgroup hierarchy. */
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

/** The folder that shows a cgroup, or undefined when it lies outside of what is mounted (as in some containers). */
export function folderOf(mount: CgroupMount, path: string): string | undefined {
  const root = mount.root === '/' ? '' : mount.root;
  if (!path.startsWith(`${root}/`) && (path !== root || path === '')) return undefined;
  return `${mount.mountPoint}${path.slice(root.length)}`.replace(/\/$/, '');
}
