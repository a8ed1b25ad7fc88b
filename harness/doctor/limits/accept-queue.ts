import type { Finding } from '../finding.ts';
import type { MachineFacts } from '../facts.ts';

/** Clients of the default sweep start all at once: a shorter queue makes some wait a second for their next SYN. */
const ENOUGH = 1024;

/** The longest accept queue that a server can ask for. */
export function acceptQueue({ environment }: MachineFacts): Finding {
  const { somaxconn } = environment.identity;
  if (typeof somaxconn !== 'number') {
    return {
      id: 'accept-queue',
      status: 'ok',
      figure: 'not told',
      message: 'net.core.somaxconn cannot be read here; the reports show overflows where they happen.',
      advice: null,
    };
  }
  const good = somaxconn >= ENOUGH;
  const figure = somaxconn.toLocaleString('en');
  return {
    id: 'accept-queue',
    status: good ? 'ok' : 'warn',
    figure,
    message: `At most ${figure} connections wait to be accepted, whatever backlog a server asks for.`,
    advice: good ? null : `Raise net.core.somaxconn to ${ENOUGH} or more, or start clients over a --ramp.`,
  };
}
