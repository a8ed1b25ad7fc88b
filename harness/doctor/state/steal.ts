import { formatPercent } from '../../analysis/text/format.ts';
import type { Finding } from '../finding.ts';
import type { MachineFacts } from '../facts.ts';

const QUIET = 0.01;
const TOO_MUCH = 0.1;

/** Whether the hypervisor gives the cores to somebody else. */
export function steal({ activity }: MachineFacts): Finding {
  const { stealShare } = activity;
  if (stealShare === null) {
    return {
      id: 'steal',
      status: 'ok',
      figure: 'not told',
      message: 'The kernel does not tell its steal time.',
      advice: null,
    };
  }
  const figure = formatPercent(stealShare, 2);
  return {
    id: 'steal',
    status: stealShare <= QUIET ? 'ok' : stealShare < TOO_MUCH ? 'warn' : 'fail',
    figure,
    message: `The hypervisor ran something else for ${figure} of the time.`,
    advice: stealShare <= QUIET ? null : 'Measure at a quieter hour, or on a machine with cores of its own.',
  };
}
