import type { Finding } from '../finding.ts';
import type { MachineFacts } from '../facts.ts';

/** Whether the cores keep their frequency. */
export function governor({ environment }: MachineFacts): Finding {
  const { governor: name } = environment.state;
  if (name === null) {
    return {
      id: 'governor',
      status: 'ok',
      figure: 'not told',
      message: 'No frequency governor can be seen, as usual on a virtual machine.',
      advice: null,
    };
  }
  const good = name === 'performance';
  return {
    id: 'governor',
    status: good ? 'ok' : 'warn',
    figure: String(name),
    message: good
      ? 'The cores keep their highest frequency.'
      : `The governor ${name} changes the frequency of the cores with their load: light loads look slower than they are.`,
    advice: good ? null : 'cpupower frequency-set --governor performance',
  };
}
