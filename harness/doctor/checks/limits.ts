/** What the machine gives at most: cores, memory, files, ports, queues, and the speed of its clocks. */
import { formatValue } from '../../analysis/text/format.ts';
import { machineLimits } from '../../load/capacity.ts';
import { atLeast, atMost, check, unknown } from '../finding.ts';

export const LIMITS = [
  /** Whether server and generator find a core each. */
  check('cores', ({ environment: { identity } }) => {
    const count = Math.min(identity.cpuCount, identity.cgroupLimits.cpus ?? Infinity);
    const figure = count.toLocaleString('en');
    const status = atLeast(count, 2);
    return {
      status,
      figure,
      message:
        status === 'ok'
          ? `${figure} cores are available: server and load generator need not share one.`
          : `Only ${count === 1 ? 'one core is' : `${figure} cores are`} available: server and load generator take turns, and both look slower.`,
      advice: 'Use a machine, or a container, with two cores or more.',
    };
  }),

  /** What can be had without swapping: a generator, a pool of eight Node processes, and the kernel's buffers. */
  check('memory', ({ environment: { identity, state } }) => {
    const limit = identity.cgroupLimits.memoryBytes ?? Infinity;
    const bytes = Math.min(state.memoryAvailableBytes ?? Infinity, limit);
    if (bytes === Infinity) return unknown('The kernel does not say how much memory is available.');
    const figure = formatValue(bytes, 'bytes');
    return {
      status: atLeast(bytes, 1e9, 250e6),
      figure,
      message: `${figure} of memory is available without swapping.`,
      advice: 'Stop other programs; pools of processes and many clients will not fit.',
    };
  }),

  /** How many files, and so connections, one process can hold: the default sweep ends at 500 clients. */
  check('open-files', ({ environment }) => {
    const { filesPerProcess } = machineLimits(environment);
    const unlimited = filesPerProcess === Number.MAX_SAFE_INTEGER;
    const figure = unlimited ? 'no limit' : filesPerProcess.toLocaleString('en');
    return {
      status: atLeast(filesPerProcess, 4096, 640),
      figure,
      message: `A process may open ${unlimited ? 'any number of' : figure} files; each connection takes one at both ends.`,
      advice: 'Raise the limit: ulimit -n, or LimitNOFILE of the service.',
    };
  }),

  /** How many client ports there are to one address, and how many of them still rest from connections before. */
  check('ports', ({ environment, timeWait }) => {
    const { low, high } = machineLimits(environment).portRange;
    const count = high - low + 1;
    const resting = timeWait ?? 0;
    const figure = count.toLocaleString('en');
    const range = atLeast(count, 10_000, 1500);
    // With more than half of the ports in TIME_WAIT, connecting becomes slow.
    return {
      status: range === 'ok' && resting > count / 2 ? 'warn' : range,
      figure,
      message: `${figure} client ports to each address (${low} to ${high}); ${resting.toLocaleString('en')} sockets are in TIME_WAIT.`,
      advice:
        range === 'ok'
          ? 'Wait a minute until those ports are free again.'
          : 'Widen net.ipv4.ip_local_port_range.',
    };
  }),

  /** The longest accept queue that a server can ask for. */
  check('accept-queue', ({ environment }) => {
    const { somaxconn } = environment.identity;
    if (typeof somaxconn !== 'number') {
      return unknown('net.core.somaxconn cannot be read here; the reports show overflows where they happen.');
    }
    // Clients of the default sweep start all at once: a shorter queue makes some wait a second for their next SYN.
    const enough = 1024;
    const figure = somaxconn.toLocaleString('en');
    return {
      status: atLeast(somaxconn, enough),
      figure,
      message: `At most ${figure} connections wait to be accepted, whatever backlog a server asks for.`,
      advice: `Raise net.core.somaxconn to ${enough} or more, or spread the starts of the clients with --ramp.`,
    };
  }),

  /** How many handshakes may be under way at once. */
  check('syn-backlog', ({ environment }) => {
    const { tcp_max_syn_backlog: backlog, tcp_syncookies: cookies } = environment.identity.tcp;
    if (typeof backlog !== 'number') return unknown('net.ipv4.tcp_max_syn_backlog cannot be read here.');
    // With SYN cookies a full backlog turns nobody away (tcp(7)).
    const hasCookies = cookies === 1 || cookies === 2;
    const enough = 512;
    const figure = backlog.toLocaleString('en');
    return {
      status: hasCookies ? 'ok' : atLeast(backlog, enough),
      figure,
      message: `${figure} handshakes may be under way at once; beyond that SYN cookies are ${cookies === 0 ? 'not ' : ''}used.`,
      advice: `Raise net.ipv4.tcp_max_syn_backlog to ${enough} or more.`,
    };
  }),

  /** Whether the cores keep their frequency. */
  check('governor', ({ environment }) => {
    const { governor } = environment.state;
    if (governor === null)
      return unknown('No frequency governor is visible, as is usual on a virtual machine.');
    const good = governor === 'performance';
    return {
      status: good ? 'ok' : 'warn',
      figure: String(governor),
      message: good
        ? 'The cores keep their highest frequency.'
        : `The governor ${governor} lowers the frequency of the cores under light load, which then looks slower than it is.`,
      advice: 'Run cpupower frequency-set --governor performance.',
    };
  }),

  /** Whether the clock can be read often: without a system call it takes some 50 ns, behind a bus a microsecond. */
  check('clock', ({ environment, clockReadNs }) => {
    const figure = `${Math.round(clockReadNs)} ns`;
    return {
      status: atMost(clockReadNs, 500),
      figure,
      message: `Reading the clock takes ${figure} (${environment.identity.clockSource ?? 'unknown clock source'}); every exchange reads it a few times.`,
      advice: 'Choose the clock source tsc or that of the hypervisor, if the machine has one.',
    };
  }),
];
