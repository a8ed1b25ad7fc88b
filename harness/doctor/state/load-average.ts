import { atMost, check, unknown } from '../finding.ts';

/** Tasks for each core over the last minute. */
const QUIET = 0.5;

/** What the machine did in the last minute: a warning, since it may be over. */
export const loadAverage = check('load-average', ({ environment: { identity, state } }) => {
  const minute = state.load?.[0];
  if (minute === undefined) return unknown('The kernel does not report a load average.');
  const figure = minute.toFixed(2);
  return {
    status: atMost(minute / identity.cpuCount, QUIET),
    figure,
    message: `In the last minute ${figure} tasks ran or waited for a core on average, on ${identity.cpuCount} cores.`,
    advice: 'Wait until what ran before has calmed down.',
  };
});
