/** What /proc says of a server's processes. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** All processes below one, children before their own children. */
export function descendants(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendants(child)]);
}

/** The processes that a process started and that live, or wait as zombies to be reaped. */
export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** Whether the process is there, be it as a zombie. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether the process has ended. One whose parent is gone may stay as a zombie for a while. */
export function hasEnded(pid: number): boolean {
  return (stateOf(pid) ?? 'Z') === 'Z';
}

/** State letter of /proc/<pid>/stat, which stands after the name in parentheses; undefined when it is gone. */
export function stateOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.[0];
  } catch {
    return undefined;
  }
}

/** Open descriptors of a process; none when it is gone. */
export function descriptorsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

/**
 * The inode of the server's end of a connection over IPv4, as /proc/net/tcp has it; undefined as long as nobody has
 * accepted it.
 */
export function acceptedSocket(serverPort: number, clientPort: number): number | undefined {
  for (const line of readFileSync('/proc/net/tcp', 'latin1').split('\n')) {
    const [, local, remote, , , , , , , inode] = line.trim().split(/\s+/);
    if (portOf(local) === serverPort && portOf(remote) === clientPort) return Number(inode) || undefined;
  }
  return undefined;
}

function portOf(address: string | undefined): number {
  return Number.parseInt(address?.split(':')[1] ?? '', 16);
}

/** Whether the process has a descriptor for this socket. */
export function holdsSocket(pid: number, inode: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some(
      (fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`,
    );
  } catch {
    return false;
  }
}
