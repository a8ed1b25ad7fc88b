import { machineLimits } from '../../load/capacity.ts';
import { atLeast, check } from '../finding.ts';

/** The default sweep ends at 500 clients; server and generator open little besides. */
const ENOUGH = 4096;
const LEAST = 640;

/** How many files, and so connections, one process can hold. */
export const openFiles = check('open-files', ({ environment }) => {
  const { filesPerProcess } = machineLimits(environment);
  const unlimited = filesPerProcess === Number.MAX_SAFE_INTEGER;
  const figure = unlimited ? 'no limit' : filesPerProcess.toLocaleString('en');
  return {
    status: atLeast(filesPerProcess, ENOUGH, LEAST),
    figure,
    message: `A process may open ${unlimited ? 'any number of' : figure} files; each connection takes one at both ends.`,
    advice: 'Raise the limit: ulimit -n, or LimitNOFILE of the service.',
  };
});
