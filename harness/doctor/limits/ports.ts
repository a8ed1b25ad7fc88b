import { machineLimits } from '../../load/capacity.ts';
import { atLeast, check } from '../finding.ts';

const ENOUGH = 10_000;
const LEAST = 1500;
/** Share of the ports that may rest in TIME_WAIT before connecting becomes slow. */
const RESTING_SHARE = 0.5;

/** How many client ports there are to one address, and how many of them still rest from connections before. */
export const ports = check('ports', ({ environment, timeWait }) => {
  const { low, high } = machineLimits(environment).portRange;
  const count = high - low + 1;
  const resting = timeWait ?? 0;
  const figure = count.toLocaleString('en');
  const range = atLeast(count, ENOUGH, LEAST);
  return {
    status: range === 'ok' && resting > count * RESTING_SHARE ? 'warn' : range,
    figure,
    message: `${figure} client ports to each address (${low} to ${high}); ${resting.toLocaleString('en')} sockets are in TIME_WAIT.`,
    advice:
      range === 'ok'
        ? 'Wait a minute until those ports are free again.'
        : 'Widen net.ipv4.ip_local_port_range.',
  };
});
