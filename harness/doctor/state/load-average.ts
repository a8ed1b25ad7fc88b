import type { Finding } from '../finding.ts';
import type { MachineFacts } from '../facts.ts';

/** Tasks for each core over the last minute. */
const QUIET = 0.5;

/** What the machine did in the last minute: a warning, since it may be over. */
export function loadAverage({ environment }: MachineFacts): Finding {
  const { load } = environment.state;
  const [minute] = load ?? [];
  if (minute === undefined) {
    return {
      id: 'load-average',
      status: 'ok',
      figure: 'not told',
      message: 'The kernel does not tell its load average.',
      advice: null,
    };
  }
  const { cpuCount } = environment.identity;
  const good = minute / cpuCount <= QUIET;
  return {
    id: 'load-average',
    status: good ? 'ok' : 'warn',
    figure: minute.toFixed(2),
    message: `On average ${minute.toFixed(2)} tasks ran or wanted to run in the last minute, on ${cpuCount} cores.`,
    advice: good ? null : 'Wait until what ran before has calmed down.',
  };
}
