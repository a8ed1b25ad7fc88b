import type { Finding } from '../finding.ts';
import type { MachineFacts } from '../facts.ts';

const ENOUGH = 512;

/** How many handshakes may be under way at once. */
export function synBacklog({ environment }: MachineFacts): Finding {
  const { tcp_max_syn_backlog: backlog, tcp_syncookies: cookies } = environment.identity.tcp;
  if (typeof backlog !== 'number') {
    return {
      id: 'syn-backlog',
      status: 'ok',
      figure: 'not told',
      message: 'net.ipv4.tcp_max_syn_backlog cannot be read here.',
      advice: null,
    };
  }
  // With SYN cookies a full backlog turns nobody away (tcp(7)).
  const good = backlog >= ENOUGH || cookies === 1 || cookies === 2;
  const figure = backlog.toLocaleString('en');
  return {
    id: 'syn-backlog',
    status: good ? 'ok' : 'warn',
    figure,
    message: `${figure} handshakes may be under way at once; beyond that SYN cookies are ${cookies === 0 ? 'not ' : ''}used.`,
    advice: good ? null : `Raise net.ipv4.tcp_max_syn_backlog to ${ENOUGH} or more.`,
  };
}
