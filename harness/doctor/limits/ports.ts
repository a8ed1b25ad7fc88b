import { machineLimits } from '../../load/machine-limits.ts';
import type { Finding } from '../finding.ts';
import type { MachineFacts } from '../facts.ts';

const ENOUGH = 10_000;
const LEAST = 1500;
/** Share of the ports that may rest in TIME_WAIT before connecting becomes slow. */
const RESTING_SHARE = 0.5;

/** How many client ports there are to one address, and how many of them still rest from connections before. */
export function ports({ environment, timeWait }: MachineFacts): Finding {
  const { low, high } = machineLimits(environment).portRange;
  const count = high - low + 1;
  const resting = timeWait ?? 0;
  const crowded = resting > count * RESTING_SHARE;
  const figure = count.toLocaleString('en');
  const advice =
    count < ENOUGH
      ? 'Widen net.ipv4.ip_local_port_range.'
      : crowded
        ? 'Wait a minute until those ports are free again.'
        : null;
  return {
    id: 'ports',
    status: count < LEAST ? 'fail' : advice === null ? 'ok' : 'warn',
    figure,
    message: `${figure} client ports to each address (${low} to ${high}); ${resting.toLocaleString('en')} sockets rest in TIME_WAIT.`,
    advice,
  };
}
