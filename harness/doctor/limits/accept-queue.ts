import { atLeast, check, unknown } from '../finding.ts';

/** Clients of the default sweep start all at once: a shorter queue makes some wait a second for their next SYN. */
const ENOUGH = 1024;

/** The longest accept queue that a server can ask for. */
export const acceptQueue = check('accept-queue', ({ environment }) => {
  const { somaxconn } = environment.identity;
  if (typeof somaxconn !== 'number') {
    return unknown('net.core.somaxconn cannot be read here; the reports show overflows where they happen.');
  }
  const figure = somaxconn.toLocaleString('en');
  return {
    status: atLeast(somaxconn, ENOUGH),
    figure,
    message: `At most ${figure} connections wait to be accepted, whatever backlog a server asks for.`,
    advice: `Raise net.core.somaxconn to ${ENOUGH} or more, or spread the starts of the clients with --ramp.`,
  };
});
