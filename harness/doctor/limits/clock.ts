import { atMost, check } from '../finding.ts';

/** A clock that is read without a system call takes some 50 ns from Node; one behind a bus takes a microsecond. */
const SLOW_NS = 500;

/** Whether the clock can be read often without being felt. */
export const clock = check('clock', ({ environment, clockReadNs }) => {
  const figure = `${Math.round(clockReadNs)} ns`;
  return {
    status: atMost(clockReadNs, SLOW_NS),
    figure,
    message: `Reading the clock takes ${figure} (${environment.identity.clockSource ?? 'unknown clock source'}); every exchange reads it a few times.`,
    advice: 'Choose the clock source tsc or that of the hypervisor, if the machine has one.',
  };
});
