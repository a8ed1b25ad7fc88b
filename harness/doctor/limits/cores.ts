import type { Finding } from '../finding.ts';
import type { MachineFacts } from '../facts.ts';

/** Whether server and generator find a core each. */
export function cores({ environment }: MachineFacts): Finding {
  const { cpuCount, cgroupLimits } = environment.identity;
  const count = Math.min(cpuCount, cgroupLimits.cpus ?? Infinity);
  const good = count >= 2;
  const figure = count.toLocaleString('en');
  return {
    id: 'cores',
    status: good ? 'ok' : 'warn',
    figure,
    message: good
      ? `There are ${figure} cores: server and load generator need not share one.`
      : `There is ${figure} of a core or less to spare: server and load generator take turns on it, and both look slower.`,
    advice: good ? null : 'Use a machine, or a container, with two cores or more.',
  };
}
