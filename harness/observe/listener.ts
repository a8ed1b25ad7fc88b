import { parseListeners } from './parse/net-tcp.ts';
import { ProcFs } from './proc-fs.ts';
import { isUnreadable, valueOf } from './unreadable.ts';

/** The processes that listen on a port. */
export type PortOwner =
  | { readonly kind: 'none' }
  | { readonly kind: 'ours'; readonly pid: number }
  /** Another process, alone or beside ours. No `pid`: this user may not read the holder's descriptors. */
  | { readonly kind: 'foreign'; readonly pid?: number; readonly name?: string };

/**
 * Whether the server listens on `port`: one of its processes holds a LISTEN socket on any local address, IPv4 or IPv6.
 * It makes no connection: an iterative server would serve the probe, and a stranger's server would be measured. All
 * listeners must be ours, because SO_REUSEPORT would distribute connections among them.
 *
 * @param pids the server's processes; called after the sockets are read, so that a worker that was just started
 *   is not taken for a stranger
 */
export function findListener(port: number, pids: () => Iterable<number>, proc = new ProcFs()): PortOwner {
  const inodes = listeningInodes(port, proc);
  if (inodes.size === 0) return { kind: 'none' };
  const ours = [...pids()];
  const unclaimed = new Set(inodes);
  let holder: number | undefined;
  for (const pid of ours) {
    for (const inode of heldBy(pid, unclaimed, proc)) {
      unclaimed.delete(inode);
      holder ??= pid;
    }
    if (unclaimed.size === 0) break;
  }
  // An unclaimed socket may have been closed since; then it is no stranger's.
  const still = unclaimed.size > 0 ? listeningInodes(port, proc) : unclaimed;
  const strange = new Set([...unclaimed].filter((inode) => still.has(inode)));
  if (strange.size > 0) return stranger(strange, new Set(ours), proc);
  return holder === undefined ? { kind: 'none' } : { kind: 'ours', pid: holder };
}

/** Inodes of the LISTEN sockets on a port, at any address of this network namespace. */
function listeningInodes(port: number, proc: ProcFs): ReadonlySet<number> {
  // A machine without IPv6 has no tcp6.
  const listeners = ['net/tcp', 'net/tcp6'].flatMap((path) => {
    // Listeners come first; megabytes of connections may follow.
    for (let limit = 64 * 1024; ; limit *= 4) {
      const bytes = proc.read(path, limit);
      if (isUnreadable(bytes)) return [];
      const table = parseListeners(bytes);
      if (isUnreadable(table)) return [];
      if (table.complete || bytes.length < limit) return table.listeners;
    }
  });
  return new Set(listeners.filter((listener) => listener.port === port).map(({ inode }) => inode));
}

function heldBy(pid: number, inodes: ReadonlySet<number>, proc: ProcFs): number[] {
  const held: number[] = [];
  for (const descriptor of valueOf(proc.numbers(`${pid}/fd`)) ?? []) {
    const target = valueOf(proc.link(`${pid}/fd/${descriptor}`)) ?? '';
    const [, inode] = /^socket:\[(\d+)\]$/.exec(target) ?? [];
    if (inode !== undefined && inodes.has(Number(inode))) held.push(Number(inode));
  }
  return held;
}

function stranger(inodes: ReadonlySet<number>, ours: ReadonlySet<number>, proc: ProcFs): PortOwner {
  for (const pid of valueOf(proc.numbers('.')) ?? []) {
    if (ours.has(pid) || heldBy(pid, inodes, proc).length === 0) continue;
    const name = valueOf(proc.text(`${pid}/comm`));
    return { kind: 'foreign', pid, ...(name === undefined ? {} : { name }) };
  }
  return { kind: 'foreign' };
}
