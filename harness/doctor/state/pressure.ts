import { atMost, check, unknown } from '../finding.ts';

/** Per cent of the last 10 s in which some task waited. */
const QUIET = 10;

/** Pressure stall information: whether tasks wait for CPU, memory or disk. */
export const pressure = check('pressure', ({ environment }) => {
  const reported = Object.entries(environment.state.pressure).flatMap(([resource, percent]) =>
    percent === null ? [] : [{ resource, percent }],
  );
  const [worst] = reported.toSorted((a, b) => b.percent - a.percent);
  if (!worst) return unknown('This kernel does not keep pressure stall information.');
  const all = reported.map(({ resource, percent }) => `${resource} ${percent.toFixed(0)} %`).join(', ');
  return {
    status: atMost(worst.percent, QUIET),
    figure: `${worst.percent.toFixed(0)} % ${worst.resource}`,
    message: `Share of the last 10 s in which some task had to wait: ${all}.`,
    advice: `Find out what else needs ${worst.resource} here, and stop it.`,
  };
});
