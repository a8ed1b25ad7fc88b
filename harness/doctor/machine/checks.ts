/** The checks of the machine, in the order in which they are shown. */
import type { Finding } from '../finding.ts';
import { acceptQueue } from './accept-queue.ts';
import { cgroup } from './cgroup.ts';
import { clock } from './clock.ts';
import { compiler } from './compiler.ts';
import { cores } from './cores.ts';
import type { MachineFacts } from './facts.ts';
import { foreignProcesses } from './foreign-processes.ts';
import { governor } from './governor.ts';
import { loadAverage } from './load-average.ts';
import { memory } from './memory.ts';
import { nodeVersion } from './node-version.ts';
import { openFiles } from './open-files.ts';
import { ports } from './ports.ts';
import { pressure } from './pressure.ts';
import { steal } from './steal.ts';
import { synBacklog } from './syn-backlog.ts';

export const MACHINE_CHECKS: readonly ((facts: MachineFacts) => Finding)[] = [
  cores,
  memory,
  openFiles,
  ports,
  acceptQueue,
  synBacklog,
  governor,
  clock,
  steal,
  pressure,
  loadAverage,
  foreignProcesses,
  cgroup,
  compiler,
  nodeVersion,
];
