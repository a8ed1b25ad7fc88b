/**
 * The rig: the one way to start, pin, mark, make ready, watch, guard and stop what is measured. A command opens it once.
 *
 *     await using rig = openRig({ logs: folder.logs });
 *     await using server = await rig.startServer({ name: 'mine', command: ['./mine', '{port}'], cores: '0' });
 *     await server.ready({ announces: false, deadlineMs: 15_000 }, signal);   // it listens, as the kernel's table says
 *     await using sampler = server.watch(100);                                // CPU and memory of its whole tree
 *     // … load 127.0.0.1:{server.port} with a fleet of rig.loadBackend() …
 *     const { leftBehind } = await server.stop(5000);                         // asked, killed if need be, proven gone
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadBackend } from '../load/backend.ts';
import { processesBackend, type ProcessesOptions } from '../load/generator/processes.ts';
import { CpuCgroup } from '../observe/cpu/cgroup.ts';
import { isUnreadable } from '../observe/unreadable.ts';
import { Guard } from './guard.ts';
import { launch, type LaunchCommand } from './launch.ts';
import { killLeftovers, newMark } from './leftovers.ts';
import { LineProcess } from './line-process.ts';
import { freePort } from './port.ts';
import { ProcessUnderTest } from './process-under-test.ts';
import { ServerUnderTest } from './server-under-test.ts';

/** The address of servers, where no other is given. */
export const LOOPBACK = '127.0.0.1';

/** How long a process may take to say its first line, in ms. */
const FIRST_LINE_MS = 10_000;

export interface ProcessCommand {
  /** Names its logs: unique among the processes of a rig whose logs are to be kept. */
  readonly name: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Cores it may run on, such as `0` or `0,1`; undefined: all. */
  readonly cores?: string | undefined;
}

export interface ServerCommand extends ProcessCommand {
  /** Address on which it listens; default {@link LOOPBACK}. `{host}` and `{port}` in the command are replaced. */
  readonly host?: string;
  /** Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
}

/**
 * Everything that it started is gone when it has been disposed of, and if this process is killed before that: its guard
 * sees to it or, where the guard was killed too, the next rig.
 */
export interface Rig extends AsyncDisposable {
  /** The marks of its processes begin with this and `-`: letters, digits and `-`. */
  readonly mark: string;
  /**
   * Starts a server on a free port, in a cgroup of its own where one can be made, with a mark of its own.
   *
   * @throws UnfitError when it cannot be started
   */
  startServer(server: ServerCommand): Promise<ServerUnderTest>;
  /**
   * Starts a process that is talked to by lines, and waits for its first one: `{"event":"ready"}`, with a port where it
   * serves one (docs/servers/contract.md).
   *
   * @throws UnfitError when it does not get ready; the signal's reason when aborted
   */
  startLineProcess(
    command: ProcessCommand & { readonly readyMs?: number },
    signal: AbortSignal,
  ): Promise<LineProcess>;
  /** Starts a process that reads and writes this one's own stdin, stdout and stderr. @throws UnfitError */
  startInForeground(command: ProcessCommand): Promise<ProcessUnderTest>;
  /** Load generators that live as long as the rig. None is started before the first load. */
  loadBackend(options?: ProcessesOptions): LoadBackend;
}

export interface RigOptions {
  /** Folder of what the processes write; default: one that is removed when the rig is disposed of. */
  readonly logs?: string;
  /** False: no server has a cgroup, as where none can be made. */
  readonly cgroups?: boolean;
}

/** Makes everything ready to start processes; dispose of it when done. */
export function openRig({ logs, cgroups = true }: RigOptions = {}): Rig {
  const folder = logs ?? mkdtempSync(join(tmpdir(), 'holdfast-rig-'));
  mkdirSync(folder, { recursive: true });
  killLeftovers();
  const mark = newMark();
  const guard = new Guard(mark);
  const started: ProcessUnderTest[] = [];
  const backends: LoadBackend[] = [];
  let count = 0;

  /** What every process gets: a mark and, where it does not write to this one's output, logs. */
  const launched = async (
    { name, command, cores }: ProcessCommand,
    io: LaunchCommand['io'],
    stopSignal: NodeJS.Signals = 'SIGTERM',
  ) => launch({ command, cores, io, stopSignal, mark: `${mark}-${count++}`, logPath: join(folder, name) });

  /** Has the guard watch over it, and remembers to stop it at the end. */
  const watched = <T extends ProcessUnderTest>(one: T): T => {
    started.push(one);
    guard.watch(started.flatMap(({ places }) => places));
    return one;
  };

  return {
    mark,
    async startServer({ host = LOOPBACK, stopSignal, ...server }) {
      const port = await freePort(host);
      const made = cgroups ? CpuCgroup.create(`server-${count}`) : undefined;
      const cgroup = made === undefined || isUnreadable(made) ? undefined : made;
      try {
        const filledIn = server.command.map((part) =>
          part.replaceAll('{port}', String(port)).replaceAll('{host}', host),
        );
        const command = [...(cgroup?.launcher ?? []), ...filledIn];
        const process = await launched({ ...server, command }, 'logs', stopSignal);
        return watched(new ServerUnderTest(process, port, cgroup));
      } catch (error) {
        cgroup?.remove();
        throw error;
      }
    },
    async startLineProcess({ readyMs = FIRST_LINE_MS, ...command }, signal) {
      const process = watched(new LineProcess(command.name, await launched(command, 'lines')));
      await process.ready(readyMs, signal);
      return process;
    },
    async startInForeground(command) {
      return watched(new ProcessUnderTest(await launched(command, 'inherited')));
    },
    loadBackend(options) {
      const backend = processesBackend(options);
      backends.push(backend);
      return backend;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...started, ...backends].map((each) => each[Symbol.asyncDispose]()));
      await guard[Symbol.asyncDispose]();
      if (logs === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
