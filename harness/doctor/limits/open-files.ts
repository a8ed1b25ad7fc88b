import { machineLimits } from '../../load/machine-limits.ts';
import type { Finding } from '../finding.ts';
import type { MachineFacts } from '../facts.ts';

/** The default sweep ends at 500 clients; server and generator open little besides. */
const ENOUGH = 4096;
const LEAST = 640;

/** How many files, and so connections, one process can hold. */
export function openFiles({ environment }: MachineFacts): Finding {
  const { filesPerProcess } = machineLimits(environment);
  const unlimited = filesPerProcess === Number.MAX_SAFE_INTEGER;
  const figure = unlimited ? 'no limit' : filesPerProcess.toLocaleString('en');
  return {
    id: 'open-files',
    status: filesPerProcess >= ENOUGH ? 'ok' : filesPerProcess >= LEAST ? 'warn' : 'fail',
    figure,
    message: `A process may open ${unlimited ? 'any number of' : figure} files; each connection takes one at both ends.`,
    advice: filesPerProcess >= ENOUGH ? null : 'Raise the limit: ulimit -n, or LimitNOFILE of the service.',
  };
}
