import type { Unreadable } from '../unreadable.ts';
import { malformed } from './scan.ts';

/** A socket in LISTEN state. */
export interface Listener {
  readonly port: number;
  /** The inode in the link `/proc/<pid>/fd/<n>` → `socket:[inode]`. */
  readonly inode: number;
}

export interface ListenerTable {
  readonly listeners: readonly Listener[];
  /** True once another state follows: the kernel lists all listeners first (net/ipv4/tcp_ipv4.c). */
  readonly complete: boolean;
}

const LISTEN = '0A';
const LINE =
  /^\s*\d+: (?:[0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) (?:\S+\s+){5}(\d+) /;

/** Parses /proc/net/tcp or /proc/net/tcp6, or its beginning; an incomplete last line is dropped. */
export function parseListeners(bytes: Buffer): ListenerTable | Unreadable {
  const lines = bytes.toString('latin1').split('\n');
  lines.pop();
  if (lines.length === 0 || !lines[0]?.includes('local_address')) return malformed('net/tcp');
  const listeners: Listener[] = [];
  for (const line of lines.slice(1)) {
    const [, port, state, inode] = LINE.exec(line) ?? [];
    if (port === undefined || inode === undefined) return malformed('net/tcp');
    if (state !== LISTEN) return { listeners, complete: true };
    listeners.push({ port: Number.parseInt(port, 16), inode: Number(inode) });
  }
  return { listeners, complete: false };
}
