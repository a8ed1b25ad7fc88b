/** What Holdfast needs besides the machine. */
import { check } from '../finding.ts';

/** The first version of Node that runs all of Holdfast: it moves sockets between threads. */
const OLDEST_NODE = 24;

export const TOOLS = [
  /** Whether the CPU time of a server can be counted by the kernel itself. */
  check('cgroup', ({ cgroup: available }) => ({
    status: 'ok',
    figure: available ? 'yes' : 'no',
    message: available
      ? 'Each server gets a cgroup of its own, in which the kernel counts its CPU time exactly.'
      : 'No cgroup can be made here: CPU time is added up over threads and processes (docs/method/observation.md gives the error).',
    hint: available
      ? undefined
      : 'Run as root, or in a delegated cgroup, for exact CPU time of short-lived processes.',
  })),

  /** Whether the servers in C are there, or can be built. */
  check('compiler', ({ compiler, nativeServers }) => {
    const built = nativeServers ? 'The servers in C are built' : 'The servers in C are not built';
    return {
      status: nativeServers || compiler !== null ? 'ok' : 'warn',
      figure: nativeServers ? 'built' : compiler === null ? 'none' : 'there',
      message:
        compiler === null
          ? `${built}, and there is no C compiler.`
          : `${built}; the compiler is ${compiler}.`,
      advice:
        'Install a C compiler and run make servers; without it only servers in TypeScript are measured.',
      hint: nativeServers ? undefined : 'Run make servers.',
    };
  }),

  /** Whether this is the runtime that the lockfile pins: another one makes other figures. */
  check('node', ({ environment, pinnedNode }) => {
    const version = environment.identity.nodeVersion.replace(/^v/, '');
    const pinned = pinnedNode === null || pinnedNode === version;
    const old = Number(version.split('.')[0]) < OLDEST_NODE;
    return {
      status: old ? 'fail' : pinned ? 'ok' : 'warn',
      figure: version,
      message: pinned
        ? `Node ${version} runs Holdfast and its servers in TypeScript.`
        : `Node ${version} runs Holdfast; the lockfile pins ${pinnedNode}, and figures of different versions must not be compared.`,
      advice: 'Run it with npx holdfast or make, which take the pinned Node.',
    };
  }),
];
