import { check } from '../finding.ts';

/** Whether the CPU time of a server can be counted by the kernel itself. */
export const cgroup = check('cgroup', ({ cgroup: available }) => ({
  status: 'ok',
  figure: available ? 'yes' : 'no',
  message: available
    ? 'Each server gets a cgroup of its own, in which the kernel counts its CPU time exactly.'
    : 'No cgroup can be made here: CPU time is added up over threads and processes (docs/observation.md gives the error).',
  hint: available
    ? undefined
    : 'Run as root, or in a delegated cgroup, for exact CPU time of short-lived processes.',
}));
