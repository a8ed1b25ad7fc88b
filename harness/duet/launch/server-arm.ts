/** One arm of a launch: a server that was started, is ready, and can be loaded until it is stopped. */
import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import type { LoadBackend } from '../../load/backend.ts';
import { CpuCgroup } from '../../observe/cpu/cgroup.ts';
import { TreeSampler } from '../../observe/sampler/sampler.ts';
import { readTree } from '../../observe/tree/tree.ts';
import { isUnreadable } from '../../observe/unreadable.ts';
import type { ParameterValue, PlannedScenario } from '../../results/schema/plan.ts';
import type { LoadResult } from '../../results/schema/load.ts';
import type { ValidityCheck } from '../../results/schema/trial.ts';
import { observeLoad, type ObservedLoad } from '../../run/observed-load.ts';
import { PhaseClock } from '../../run/phases.ts';
import { freePort } from '../../rig/port.ts';
import { waitUntilReady } from '../../rig/ready.ts';
import { describeExit, ServerProcess } from '../../rig/server-process.ts';
import { stopTree } from '../../rig/stop.ts';
import type { ServerSubject } from '../../results/schema/duet-plan.ts';
import type { Figures } from '../../results/schema/duet-launch.ts';
import { figuresOf } from './figures.ts';
import { endingWhenHeld } from './held-load.ts';

export type ArmName = 'base' | 'head';

/** An arm did not do what it had to; the launch does not count. */
export class ArmFailure extends Error {
  override readonly name = 'ArmFailure';
  readonly arm: ArmName;

  constructor(arm: ArmName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.arm = arm;
  }
}

/** What the arms of all launches share. */
export interface ArmSetting {
  readonly host: string;
  readonly readyDeadlineMs: number;
  readonly stopGraceMs: number;
  readonly samplePeriodMs: number;
  /** Folders of the run. */
  readonly logs: string;
  readonly files: string;
}

export interface ArmCommand {
  readonly arm: ArmName;
  readonly command: readonly string[];
  /** Marks its processes, apart from those of the other arm. */
  readonly mark: string;
  /** The core on which it is started; all of them where undefined. */
  readonly core?: number;
}

/** One load of an arm. */
export interface ArmLoad {
  readonly scenario: PlannedScenario;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly clients: number;
  readonly seed: number;
  readonly warmupMs: number;
  /** Clients start spread evenly over so many ms. */
  readonly rampMs: number;
  readonly deadlineMs: number;
  /** The scenario holds every connection until the end. */
  readonly holds: boolean;
  /** It ends soon after all clients are connected, which are then stopped. */
  readonly endsWhenHeld: boolean;
  /** Checks that must be passed; those that do not apply to the load are not asked. */
  readonly checks: readonly ValidityCheck['id'][];
}

interface ArmParts {
  readonly port: number;
  readonly mark: string;
  readonly setting: ArmSetting;
  readonly cgroup: CpuCgroup | undefined;
}

export class ServerArm implements AsyncDisposable {
  readonly name: ArmName;
  readonly #server: ServerProcess;
  readonly #port: number;
  readonly #mark: string;
  readonly #setting: ArmSetting;
  readonly #cgroup: CpuCgroup | undefined;

  private constructor(name: ArmName, server: ServerProcess, parts: ArmParts) {
    this.name = name;
    this.#server = server;
    this.#port = parts.port;
    this.#mark = parts.mark;
    this.#setting = parts.setting;
    this.#cgroup = parts.cgroup;
  }

  /** Spawns the server. @throws ArmFailure when it cannot be */
  static async spawn(
    subject: ServerSubject,
    { arm, command, mark, core }: ArmCommand,
    setting: ArmSetting,
  ): Promise<ServerArm> {
    const port = await freePort(setting.host);
    const made = CpuCgroup.create(`duet-${arm}`);
    const cgroup = isUnreadable(made) ? undefined : made;
    try {
      const server = await ServerProcess.start({
        command: [...(cgroup?.launcher ?? []), ...command],
        host: setting.host,
        port,
        stopSignal: subject.stopSignal,
        mark,
        logPath: join(setting.logs, `${subject.name}-${arm}`),
        ...(core === undefined ? {} : { cpus: String(core) }),
      });
      return new ServerArm(arm, server, { port, mark, setting, cgroup });
    } catch (error) {
      cgroup?.remove();
      throw new ArmFailure(arm, messageOf(error), { cause: error });
    }
  }

  /** The pid that leads its process group. */
  get groupId(): number {
    return this.#server.pid;
  }

  /** Its processes at this moment. */
  pids(): number[] {
    return readTree(this.#server.pid, { groupId: this.#server.pid, mark: this.#mark }).map(({ pid }) => pid);
  }

  /** Waits until it listens. @throws ArmFailure when it does not, the signal's reason when aborted */
  async ready(announces: boolean, signal: AbortSignal): Promise<void> {
    const failure = await waitUntilReady(
      this.#server,
      { port: this.#port, mark: this.#mark, announces, deadlineMs: this.#setting.readyDeadlineMs },
      signal,
    );
    if (!failure) return;
    const words = failure.stderrTail ? ` Its last words: ${failure.stderrTail}` : '';
    throw new ArmFailure(this.name, `${failure.message}${words}`);
  }

  /** Loads it once. @throws ArmFailure when it crashes or the load was not valid */
  async load(load: ArmLoad, backend: LoadBackend, signal: AbortSignal): Promise<Figures> {
    const { scenario, parameters, clients, seed, warmupMs, rampMs, deadlineMs } = load;
    const { host, files, samplePeriodMs } = this.#setting;
    const observed = await observeLoad(
      {
        scenarioModule: scenario.module,
        parameters,
        hosts: [host],
        port: this.#port,
        clients,
        seed,
        deadlineMs,
        warmupMs,
        rampMs,
        folder: files,
      },
      {
        exited: this.#server.exited,
        watch: (periodMs) =>
          TreeSampler.start(this.#server.pid, {
            groupId: this.#server.pid,
            mark: this.#mark,
            periodMs,
            ...(this.#cgroup ? { cgroup: this.#cgroup } : {}),
          }),
      },
      {
        backend: load.endsWhenHeld ? endingWhenHeld(backend, clients) : backend,
        samplePeriodMs,
        holds: load.holds,
        phases: new PhaseClock(),
        signal,
      },
    );
    signal.throwIfAborted();
    const { exit } = this.#server;
    if (exit) {
      const words = this.#server.stderrTail();
      throw new ArmFailure(
        this.name,
        `The server ended under load: ${describeExit(exit)}.${words ? ` Its last words: ${words}` : ''}`,
      );
    }
    const why = whyNotValid(observed, load);
    if (why !== undefined) throw new ArmFailure(this.name, why);
    return figuresOf(observed, scenario);
  }

  /** Stops it and everything that it started. @throws ArmFailure when something is left */
  async stop(): Promise<void> {
    const { leftBehind } = await stopTree(this.#server, this.#mark, this.#setting.stopGraceMs);
    this.#cgroup?.remove();
    if (leftBehind.length === 0) return;
    const names = leftBehind.map(({ pid, name }) => `${name} (pid ${pid})`).join(', ');
    throw new ArmFailure(
      this.name,
      `After the launch these processes of the server were still there: ${names}.`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stopTree(this.#server, this.#mark, 0);
    this.#cgroup?.remove();
  }
}

function whyNotValid(
  { load, checks }: ObservedLoad,
  { checks: wanted, endsWhenHeld }: ArmLoad,
): string | undefined {
  const lost = lostClients(load, endsWhenHeld);
  if (lost !== undefined) return lost;
  return checks.find(({ id, ok }) => !ok && wanted.includes(id))?.message;
}

/** A comparison of costs needs every client on both arms: those that failed cost nothing. */
function lostClients({ clients, firstErrors }: LoadResult, mayBeStopped: boolean): string | undefined {
  const { asked, completed, stopped } = clients;
  if (completed + (mayBeStopped ? stopped : 0) === asked) return undefined;
  const [first] = firstErrors;
  const why = first ? ` The first error (${first.kind}): ${first.message}` : '';
  return `Only ${completed} of ${asked} clients came through.${why}`;
}
