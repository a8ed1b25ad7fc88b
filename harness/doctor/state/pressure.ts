import type { Finding } from '../finding.ts';
import type { MachineFacts } from '../facts.ts';

/** Per cent of the last 10 s in which some task waited. */
const QUIET = 10;

/** Pressure stall information: whether tasks wait for CPU, memory or disk. */
export function pressure({ environment }: MachineFacts): Finding {
  const told = Object.entries(environment.state.pressure).flatMap(([resource, percent]) =>
    percent === null ? [] : [{ resource, percent }],
  );
  const [worst] = told.toSorted((a, b) => b.percent - a.percent);
  if (!worst) {
    return {
      id: 'pressure',
      status: 'ok',
      figure: 'not told',
      message: 'This kernel does not keep pressure stall information.',
      advice: null,
    };
  }
  const good = worst.percent <= QUIET;
  const all = told.map(({ resource, percent }) => `${resource} ${percent.toFixed(0)} %`).join(', ');
  return {
    id: 'pressure',
    status: good ? 'ok' : 'warn',
    figure: `${worst.percent.toFixed(0)} % ${worst.resource}`,
    message: `Share of the last 10 s in which some task had to wait: ${all}.`,
    advice: good ? null : `Find out what else needs ${worst.resource} here, and stop it.`,
  };
}
