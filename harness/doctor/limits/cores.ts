import { atLeast, check } from '../finding.ts';

const ENOUGH = 2;

/** Whether server and generator find a core each. */
export const cores = check('cores', ({ environment: { identity } }) => {
  const count = Math.min(identity.cpuCount, identity.cgroupLimits.cpus ?? Infinity);
  const figure = count.toLocaleString('en');
  return {
    status: atLeast(count, ENOUGH),
    figure,
    message:
      count >= ENOUGH
        ? `${figure} cores are available: server and load generator need not share one.`
        : `Only ${count === 1 ? 'one core is' : `${figure} cores are`} available: server and load generator take turns, and both look slower.`,
    advice: 'Use a machine, or a container, with two cores or more.',
  };
});
