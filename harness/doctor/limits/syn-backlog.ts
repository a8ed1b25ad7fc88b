import { atLeast, check, unknown } from '../finding.ts';

const ENOUGH = 512;

/** How many handshakes may be under way at once. */
export const synBacklog = check('syn-backlog', ({ environment }) => {
  const { tcp_max_syn_backlog: backlog, tcp_syncookies: cookies } = environment.identity.tcp;
  if (typeof backlog !== 'number') return unknown('net.ipv4.tcp_max_syn_backlog cannot be read here.');
  // With SYN cookies a full backlog turns nobody away (tcp(7)).
  const hasCookies = cookies === 1 || cookies === 2;
  const figure = backlog.toLocaleString('en');
  return {
    status: hasCookies ? 'ok' : atLeast(backlog, ENOUGH),
    figure,
    message: `${figure} handshakes may be under way at once; beyond that SYN cookies are ${cookies === 0 ? 'not ' : ''}used.`,
    advice: `Raise net.ipv4.tcp_max_syn_backlog to ${ENOUGH} or more.`,
  };
});
