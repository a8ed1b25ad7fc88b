import type { Unreadable } from '../types.ts';
import { malformed, wholeNumber } from './scan.ts';

/**
 * /proc/net/netstat and /proc/net/snmp: pairs of lines with the same prefix, names on the first, figures on the
 * second. Keys are joined: `TcpExt.ListenOverflows`. A figure that is no unsigned number (MaxConn is -1) is left out.
 */
export function parseNamedCounters(bytes: Buffer): ReadonlyMap<string, number> | Unreadable {
  const counters = new Map<string, number>();
  const lines = bytes.toString('latin1').split('\n');
  lines.pop();
  for (let row = 0; row + 1 < lines.length; row += 2) {
    const names = lines[row]?.split(' ') ?? [];
    const figures = lines[row + 1]?.split(' ') ?? [];
    const prefix = names[0];
    if (prefix === undefined || !prefix.endsWith(':') || prefix !== figures[0])
      return malformed('net counters');
    if (names.filter(Boolean).length !== figures.filter(Boolean).length) return malformed('net counters');
    for (const [column, name] of names.entries()) {
      const figure = wholeNumber(figures[column]);
      if (column > 0 && !Number.isNaN(figure)) counters.set(`${prefix.slice(0, -1)}.${name}`, figure);
    }
  }
  return counters.size > 0 ? counters : malformed('net counters');
}

/** Sockets in TIME_WAIT, from /proc/net/sockstat. */
export function parseTimeWait(bytes: Buffer): number | Unreadable {
  const [, digits] = /^TCP: (?:\S+ \d+ )*?tw (\d+) .*\n/m.exec(bytes.toString('latin1')) ?? [];
  const sockets = wholeNumber(digits);
  return Number.isNaN(sockets) ? malformed('net/sockstat') : sockets;
}
