import type { Unreadable } from '../unreadable.ts';
import { malformed } from './scan.ts';

/** A socket in LISTEN state. */
export interface Listener {
  /** `127.0.0.1`, or for IPv6 eight groups of hexadecimal digits without leading zeros and without `::`. */
  readonly address: string;
  readonly port: number;
  /** What `/proc/<pid>/fd/<n>` shows as `socket:[inode]`. */
  readonly inode: number;
}

export interface ListenerTable {
  readonly listeners: readonly Listener[];
  /** True once a socket in another state was met: the kernel lists all listeners first (net/ipv4/tcp_ipv4.c). */
  readonly complete: boolean;
}

const LISTEN = '0A';
const LINE =
  /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) (?:\S+\s+){5}(\d+) /;

/**
 * Parses /proc/net/tcp or /proc/net/tcp6 (or its beginning: a cut last line is left out). An address is printed as
 * 32-bit words in the byte order of the machine (little-endian on every machine that node runs on but s390x).
 */
export function parseListeners(bytes: Buffer, littleEndian = true): ListenerTable | Unreadable {
  const lines = bytes.toString('latin1').split('\n');
  lines.pop();
  if (lines.length === 0 || !lines[0]?.includes('local_address')) return malformed('net/tcp');
  const listeners: Listener[] = [];
  for (const line of lines.slice(1)) {
    const [, address, port, state, inode] = LINE.exec(line) ?? [];
    if (address === undefined || port === undefined || inode === undefined) return malformed('net/tcp');
    if (state !== LISTEN) return { listeners, complete: true };
    listeners.push({
      address: readAddress(address, littleEndian),
      port: Number.parseInt(port, 16),
      inode: Number(inode),
    });
  }
  return { listeners, complete: false };
}

function readAddress(hex: string, littleEndian: boolean): string {
  const bytes = Buffer.from(hex, 'hex');
  if (littleEndian) bytes.swap32();
  if (bytes.length === 4) return bytes.join('.');
  return Array.from({ length: 8 }, (_, group) => bytes.readUInt16BE(group * 2).toString(16)).join(':');
}
