import { formatPercent } from '../../analysis/text/format.ts';
import type { Finding } from '../finding.ts';
import type { MachineFacts } from '../facts.ts';

/** Shares of all CPU time. */
const QUIET = 0.05;
const TOO_MUCH = 0.5;

/** What else runs on the cores right now. */
export function foreignProcesses({ environment, activity }: MachineFacts): Finding {
  const { foreignCpus, busiest } = activity;
  if (foreignCpus === null) {
    return {
      id: 'foreign-processes',
      status: 'ok',
      figure: 'not told',
      message: 'The kernel does not tell how busy the machine is.',
      advice: null,
    };
  }
  const share = foreignCpus / environment.identity.cpuCount;
  const figure = formatPercent(share, 2);
  const names = busiest.map(
    ({ name, pid, cpus }) => `${name} (pid ${pid}, ${formatPercent(cpus, 2)} of a core)`,
  );
  const good = share <= QUIET;
  return {
    id: 'foreign-processes',
    status: good ? 'ok' : share < TOO_MUCH ? 'warn' : 'fail',
    figure,
    message: `Others used ${figure} of the CPU time${names.length > 0 ? `, most of it ${names.join(', ')}` : ''}.`,
    advice: good ? null : 'Stop what does not belong to the measurement.',
  };
}
