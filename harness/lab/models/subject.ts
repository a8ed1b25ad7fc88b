/** A server of a table while it lives: what it costs under a load, as often as one asks. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnfitError } from '../../errors.ts';
import { CpuCgroup } from '../../observe/cpu/cgroup.ts';
import { TreeSampler } from '../../observe/sampler/sampler.ts';
import { isUnreadable } from '../../observe/types.ts';
import { freePort } from '../../rig/port.ts';
import { waitUntilReady } from '../../rig/ready.ts';
import { ServerProcess } from '../../rig/server-process.ts';
import { stopTree } from '../../rig/stop.ts';
import { makeLoad, type BareLoad } from './bare-client.ts';

const HOST = '127.0.0.1';
const READY_DEADLINE_MS = 30_000;
const STOP_GRACE_MS = 5000;
/** Loads last for tenths of a second: samples are taken at their edges. */
const SAMPLE_PERIOD_MS = 10_000;

/** A server is at rest when it used less than so much in so long: the ends of connections have been worked off. */
const REST_NS = 100_000;
const REST_MS = 10;
const REST_DEADLINE_MS = 5000;

export interface SubjectSetting {
  /** Marks its processes. */
  readonly mark: string;
  /** Folder of its logs. */
  readonly logs: string;
}

export class Subject implements AsyncDisposable {
  readonly #server: ServerProcess;
  readonly #port: number;
  readonly #mark: string;
  readonly #cgroup: CpuCgroup | undefined;

  private constructor(server: ServerProcess, port: number, mark: string, cgroup: CpuCgroup | undefined) {
    this.#server = server;
    this.#port = port;
    this.#mark = mark;
    this.#cgroup = cgroup;
  }

  /**
   * Starts a server of ours and waits until it is ready.
   *
   * @param name unique among the subjects that live at the same time
   * @throws UnfitError when it does not come up
   */
  static async start(
    name: string,
    command: readonly string[],
    { mark, logs }: SubjectSetting,
    signal: AbortSignal,
  ): Promise<Subject> {
    const port = await freePort(HOST);
    const made = CpuCgroup.create(`table-${name}`);
    const cgroup = isUnreadable(made) ? undefined : made;
    // Each has a mark of its own: with a common one, the tree of one would be those of all.
    const ownMark = `${mark}-${name}`;
    try {
      const server = await ServerProcess.start({
        command: [...(cgroup?.launcher ?? []), ...command],
        host: HOST,
        port,
        stopSignal: 'SIGTERM',
        mark: ownMark,
        logPath: join(logs, name),
      });
      const subject = new Subject(server, port, ownMark, cgroup);
      await subject.#ready(signal);
      return subject;
    } catch (error) {
      cgroup?.remove();
      throw error;
    }
  }

  /** The pid that leads its process group. */
  get groupId(): number {
    return this.#server.pid;
  }

  /** CPU time of its whole tree over a load and until it is at rest again, in µs. */
  async cpuUs(load: BareLoad, signal: AbortSignal): Promise<number> {
    const { pid } = this.#server;
    await using sampler = TreeSampler.start(pid, {
      groupId: pid,
      mark: this.#mark,
      periodMs: SAMPLE_PERIOD_MS,
      ...(this.#cgroup ? { cgroup: this.#cgroup } : {}),
    });
    await makeLoad(load, this.#port, signal);
    await atRest(sampler);
    return (await sampler.stop()).cpuNs / 1000;
  }

  async #ready(signal: AbortSignal): Promise<void> {
    try {
      const failure = await waitUntilReady(
        this.#server,
        { port: this.#port, mark: this.#mark, announces: true, deadlineMs: READY_DEADLINE_MS },
        signal,
      );
      if (failure) throw new UnfitError(`${failure.message} ${failure.stderrTail ?? ''}`.trim());
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stopTree(this.#server, this.#mark, STOP_GRACE_MS);
    this.#cgroup?.remove();
  }
}

async function atRest(sampler: TreeSampler): Promise<void> {
  const deadline = performance.now() + REST_DEADLINE_MS;
  let before = sampler.sample().cpuNs;
  for (;;) {
    await sleep(REST_MS);
    const now = sampler.sample().cpuNs;
    if (now - before < REST_NS || performance.now() > deadline) return;
    before = now;
  }
}
