/** An environment for tests that need one and do not care which. */
import type { Environment } from '../../harness/results/schema/run.ts';

/** A machine with two processors. */
export const EXAMPLE_ENVIRONMENT: Environment = {
  identity: {
    cpuModel: 'Example CPU @ 3.00GHz',
    cpuCount: 2,
    cpusAllowed: '0-1',
    architecture: 'x64',
    kernel: '6.18.44 #1 SMP',
    mitigations: { spectre_v2: 'Mitigation: Retpolines' },
    cgroupLimits: { cpus: null, memoryBytes: null, processes: null },
    openFiles: { soft: 20_000, hard: 20_000 },
    processes: { soft: 96_365, hard: 96_365 },
    somaxconn: 4096,
    tcp: { tcp_syn_retries: 6 },
    portRange: '32768 60999',
    hugePages: 'madvise',
    clockSource: 'tsc',
    nodeVersion: 'v24.21.0',
    libc: 'glibc 2.36',
  },
  state: {
    governor: null,
    cpuMhz: [3000, 3000],
    load: [0.4, 0.3, 0.2],
    pressure: { cpu: 0, memory: 0, io: 0 },
    stealMs: 0,
    uptimeS: 86_400,
    memoryTotalBytes: 24e9,
    memoryAvailableBytes: 20e9,
  },
};
