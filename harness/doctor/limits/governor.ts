import { check, unknown } from '../finding.ts';

/** Whether the cores keep their frequency. */
export const governor = check('governor', ({ environment }) => {
  const { governor: name } = environment.state;
  if (name === null) return unknown('No frequency governor is visible, as is usual on a virtual machine.');
  const good = name === 'performance';
  return {
    status: good ? 'ok' : 'warn',
    figure: String(name),
    message: good
      ? 'The cores keep their highest frequency.'
      : `The governor ${name} lowers the frequency of the cores under light load, which then looks slower than it is.`,
    advice: 'Run cpupower frequency-set --governor performance.',
  };
});
