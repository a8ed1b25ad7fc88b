/** The checks of the machine, in the order in which they are shown: a new one is a file and a line here. */
import type { Check } from './finding.ts';
import { acceptQueue } from './limits/accept-queue.ts';
import { cgroup } from './limits/cgroup.ts';
import { clock } from './limits/clock.ts';
import { compiler } from './limits/compiler.ts';
import { cores } from './limits/cores.ts';
import { foreignProcesses } from './state/foreign-processes.ts';
import { governor } from './limits/governor.ts';
import { loadAverage } from './state/load-average.ts';
import { memory } from './limits/memory.ts';
import { nodeVersion } from './limits/node-version.ts';
import { openFiles } from './limits/open-files.ts';
import { ports } from './limits/ports.ts';
import { pressure } from './state/pressure.ts';
import { steal } from './state/steal.ts';
import { synBacklog } from './limits/syn-backlog.ts';

export const MACHINE_CHECKS: readonly Check[] = [
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
