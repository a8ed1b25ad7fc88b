import { formatPercent } from '../../analysis/text/format.ts';
import { atMost, check, unknown } from '../finding.ts';

const QUIET = 0.01;
const TOO_MUCH = 0.1;

/** Whether the hypervisor gives the cores to somebody else. */
export const steal = check('steal', ({ activity: { stealShare } }) => {
  if (stealShare === null) return unknown('The kernel does not report steal time.');
  const figure = formatPercent(stealShare, 2);
  return {
    status: atMost(stealShare, QUIET, TOO_MUCH),
    figure,
    message: `The hypervisor ran something else for ${figure} of the time.`,
    advice: 'Measure at a quieter hour, or on a machine with cores of its own.',
  };
});
