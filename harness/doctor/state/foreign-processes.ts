import { formatPercent } from '../../analysis/text/format.ts';
import { atMost, check, unknown } from '../finding.ts';

/** Shares of all CPU time. */
const QUIET = 0.05;
const TOO_MUCH = 0.5;

/** What else runs on the cores right now. */
export const foreignProcesses = check('foreign-processes', ({ environment, activity }) => {
  const { foreignCpus, busiest } = activity;
  if (foreignCpus === null) return unknown('The kernel does not report how busy the machine is.');
  const share = foreignCpus / environment.identity.cpuCount;
  const figure = formatPercent(share, 2);
  const names = busiest.map(
    ({ name, pid, cpus }) => `${name} (pid ${pid}, ${formatPercent(cpus, 2)} of a core)`,
  );
  return {
    status: atMost(share, QUIET, TOO_MUCH),
    figure,
    message: `Other processes used ${figure} of the CPU time${names.length > 0 ? `, most of it ${names.join(', ')}` : ''}.`,
    advice: 'Stop what does not belong to the measurement.',
  };
});
