/** What N clients need of this machine, planned before a run; and, where it cannot be had, which limit stands in the way. */
import type { Environment } from '../results/schema/run.ts';

/** The limits of a machine that decide how many connections it can hold. */
export interface MachineLimits {
  /** Open files of one process (RLIMIT_NOFILE, hard). */
  readonly filesPerProcess: number;
  /** First and last port that the kernel gives to clients. */
  readonly portRange: { readonly low: number; readonly high: number };
  /** Memory that can be had without swapping, in bytes. */
  readonly availableBytes: number;
}

/** What is asked for. */
export interface Demand {
  /** Highest number of clients of the run. */
  readonly clients: number;
  /** Processes of the server that share the connections; absent where that is not known. */
  readonly serverProcesses?: number;
}

export type CapacityPlan =
  | {
      readonly kind: 'fits';
      readonly generators: number;
      /** Addresses that clients come from in turn; none where the kernel's choice has ports enough. */
      readonly sources: readonly string[];
    }
  | Refusal;

interface Refusal {
  readonly kind: 'refused';
  readonly limit: 'descriptors' | 'server-descriptors' | 'ports' | 'memory' | 'processes';
  /** One sentence: what is asked, what there is, and how to lift it. */
  readonly message: string;
}

/** Descriptors that a process needs besides its connections: standard streams, IPC, epoll, files being read. */
const FILES_BESIDES = 64;
/**
 * Share of the port range that is used on one address. The kernel looks for a free port in one half of the range (by
 * parity) first, and its search grows long beyond it.
 */
const PORT_SHARE = 0.5;
/** Addresses 127.0.0.1 to 127.0.0.254. */
const HIGHEST_SOURCES = 254;
const HIGHEST_GENERATORS = 64;
/** Memory of one held connection: generator, and the kernel's sockets at both ends, generously. */
const BYTES_PER_CONNECTION = 16_384;
const BYTES_PER_GENERATOR = 100 << 20;
/** Linux' own defaults, for a kernel that does not tell. */
const USUAL_FILES = 1024;
const USUAL_PORTS = { low: 32_768, high: 60_999 };

/** How many generators and addresses so many clients take, each of which holds one connection. Pure. */
export function planCapacity(demand: Demand, machine: MachineLimits): CapacityPlan {
  const { clients, serverProcesses } = demand;
  const { filesPerProcess, portRange, availableBytes } = machine;
  const refused = (limit: Refusal['limit'], what: string, remedy: string): Refusal => ({
    kind: 'refused',
    limit,
    message: `${clients} connections ${what}; ${remedy}, or ask for fewer clients.`,
  });
  const raiseTo = (files: number): string =>
    `raise the limit to ${files} at least (ulimit -n, or LimitNOFILE)`;

  const perProcess = filesPerProcess - FILES_BESIDES;
  if (perProcess < 1) {
    const what = `are asked for, and a process may open ${filesPerProcess} files (ulimit -n)`;
    return refused('descriptors', what, raiseTo(256));
  }
  const generators = Math.ceil(clients / perProcess);
  if (generators > HIGHEST_GENERATORS) {
    const what = `would take ${generators} load generators of ${perProcess} each, and ${HIGHEST_GENERATORS} are allowed`;
    return refused('processes', what, 'raise the limit of open files (ulimit -n)');
  }
  if (serverProcesses !== undefined && clients > serverProcesses * perProcess) {
    const what = `are asked for, and the server's ${serverProcesses} processes may open ${filesPerProcess} files each`;
    return refused('server-descriptors', what, raiseTo(Math.ceil(clients / serverProcesses) + FILES_BESIDES));
  }
  const perSource = Math.floor((portRange.high - portRange.low + 1) * PORT_SHARE);
  const sources = Math.ceil(clients / Math.max(1, perSource));
  if (sources > HIGHEST_SOURCES) {
    return refused(
      'ports',
      `are asked for, and ${HIGHEST_SOURCES} addresses have client ports for ${HIGHEST_SOURCES * perSource} of them`,
      'widen net.ipv4.ip_local_port_range',
    );
  }
  const neededBytes = clients * BYTES_PER_CONNECTION + generators * BYTES_PER_GENERATOR;
  if (neededBytes > availableBytes) {
    const what = `take about ${megabytes(neededBytes)} MB, and ${megabytes(availableBytes)} MB of memory are free`;
    return refused('memory', what, 'stop other programs');
  }
  return { kind: 'fits', generators, sources: loopbackAddresses(sources) };
}

function loopbackAddresses(count: number): readonly string[] {
  if (count <= 1) return [];
  return Array.from({ length: count }, (_, k) => `127.0.0.${k + 1}`);
}

function megabytes(bytes: number): string {
  return Math.round(bytes / 1e6).toString();
}

/** The limits among the facts of the environment. Node raises its soft limit of open files to the hard one. */
export function machineLimits({ identity, state }: Environment): MachineLimits {
  const [low, high] = String(identity.portRange ?? '')
    .split(' ')
    .map(Number);
  return {
    filesPerProcess: identity.openFiles ? (identity.openFiles.hard ?? Number.MAX_SAFE_INTEGER) : USUAL_FILES,
    portRange: low && high ? { low, high } : USUAL_PORTS,
    availableBytes: state.memoryAvailableBytes ?? Number.MAX_SAFE_INTEGER,
  };
}
