/** What else keeps the machine busy now. */
import { formatPercent } from '../../analysis/text/format.ts';
import { atMost, check, unknown } from '../finding.ts';

export const STATE = [
  /** Whether the hypervisor gives the cores to somebody else. */
  check('steal', ({ activity: { stealShare } }) => {
    if (stealShare === null) return unknown('The kernel does not report steal time.');
    const figure = formatPercent(stealShare, 2);
    return {
      status: atMost(stealShare, 0.01, 0.1),
      figure,
      message: `The hypervisor ran something else for ${figure} of the time.`,
      advice: 'Measure at a quieter hour, or on a machine with cores of its own.',
    };
  }),

  /** Pressure stall information: the share of the last 10 s in which some task waited for CPU, memory or disk. */
  check('pressure', ({ environment }) => {
    const reported = Object.entries(environment.state.pressure).flatMap(([resource, percent]) =>
      percent === null ? [] : [{ resource, percent }],
    );
    const [worst] = reported.toSorted((a, b) => b.percent - a.percent);
    if (!worst) return unknown('This kernel does not keep pressure stall information.');
    const all = reported.map(({ resource, percent }) => `${resource} ${percent.toFixed(0)} %`).join(', ');
    return {
      status: atMost(worst.percent, 10),
      figure: `${worst.percent.toFixed(0)} % ${worst.resource}`,
      message: `Share of the last 10 s in which some task had to wait: ${all}.`,
      advice: `Find out what else needs ${worst.resource} here, and stop it.`,
    };
  }),

  /** Tasks for each core over the last minute: a warning at most, since what ran may be over. */
  check('load-average', ({ environment: { identity, state } }) => {
    const minute = state.load?.[0];
    if (minute === undefined) return unknown('The kernel does not report a load average.');
    const figure = minute.toFixed(2);
    return {
      status: atMost(minute / identity.cpuCount, 0.5),
      figure,
      message: `In the last minute ${figure} tasks ran or waited for a core on average, on ${identity.cpuCount} cores.`,
      advice: 'Wait until what ran before has calmed down.',
    };
  }),

  /** What else runs on the cores right now, as a share of all CPU time. */
  check('foreign-processes', ({ environment, activity: { foreignCpus, busiest } }) => {
    if (foreignCpus === null) return unknown('The kernel does not report how busy the machine is.');
    const share = foreignCpus / environment.identity.cpuCount;
    const figure = formatPercent(share, 2);
    const names = busiest.map(
      ({ name, pid, cpus }) => `${name} (pid ${pid}, ${formatPercent(cpus, 2)} of a core)`,
    );
    return {
      status: atMost(share, 0.05, 0.5),
      figure,
      message: `Other processes used ${figure} of the CPU time${names.length > 0 ? `, most of it ${names.join(', ')}` : ''}.`,
      advice: 'Stop what does not belong to the measurement.',
    };
  }),
];
