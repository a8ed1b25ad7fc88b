import type { Finding } from '../finding.ts';
import type { MachineFacts } from '../facts.ts';

/** A clock that is read without a system call takes some 50 ns from Node; one behind a bus takes a microsecond. */
const SLOW_NS = 500;

/** Whether the clock can be read often without being felt. */
export function clock({ environment, clockReadNs }: MachineFacts): Finding {
  const source = environment.identity.clockSource ?? 'clock source not told';
  const good = clockReadNs <= SLOW_NS;
  const figure = `${Math.round(clockReadNs)} ns`;
  return {
    id: 'clock',
    status: good ? 'ok' : 'warn',
    figure,
    message: `Reading the clock takes ${figure} (${source}); every exchange reads it a few times.`,
    advice: good ? null : 'Choose the clock source tsc or that of the hypervisor, if the machine has one.',
  };
}
