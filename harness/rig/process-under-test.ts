/** A process under test while it lives: the leader of a group that is signalled, watched and stopped as a whole. */
import { TreeSampler } from '../observe/sampler/sampler.ts';
import type { CpuCgroup } from '../observe/cpu/cgroup.ts';
import { readTree } from '../observe/tree/tree.ts';
import type { Launched, ProcessEnd } from './launch.ts';
import { signalGroup, stopTree, type StopOutcome } from './stop.ts';

/** Bytes of stderr that are read back at its end. */
const TAIL_BYTES = 4096;

/** How often its logs are looked at, in ms: they have to stay short. */
const LOGS_MS = 200;

/** Dispose it to be sure that its whole tree is gone. */
export class ProcessUnderTest implements AsyncDisposable {
  /** Leads its process group. */
  readonly pid: number;
  /** The mark that it and all its descendants carry in their environment, and nobody else. */
  readonly mark: string;
  /** Resolves when the leading process has ended. Never rejects. */
  readonly exited: Promise<ProcessEnd>;
  readonly #launched: Launched;
  readonly #cgroup: CpuCgroup | undefined;
  #end: ProcessEnd | undefined;
  #stopping: Promise<StopOutcome> | undefined;

  /** @param cgroup the one that it was started in; removed once it is gone */
  constructor(launched: Launched, cgroup?: CpuCgroup) {
    this.pid = launched.pid;
    this.mark = launched.mark;
    this.exited = launched.exited;
    this.#launched = launched;
    this.#cgroup = cgroup;
    const logs = [launched.stdoutLog, launched.stderrLog];
    const looking = setInterval(() => {
      for (const log of logs) log.cut();
    }, LOGS_MS).unref();
    void launched.exited.then((end) => {
      clearInterval(looking);
      for (const log of logs) log.finish();
      this.#end = end;
    });
  }

  /** How it ended, or undefined while it runs. */
  get exit(): ProcessEnd | undefined {
    return this.#end;
  }

  /** Where what is left of it can be found, for the guard: its process group and its cgroup. */
  get places(): readonly (number | string)[] {
    return [...(this.#end ? [] : [this.pid]), ...(this.#cgroup ? [this.#cgroup.path] : [])];
  }

  /** All processes of its tree at this moment. */
  pids(): number[] {
    return readTree(this.pid, { groupId: this.pid, mark: this.mark }).map(({ pid }) => pid);
  }

  /** Samples CPU and memory of its whole tree from now on. */
  watch(periodMs: number): TreeSampler {
    return TreeSampler.start(this.pid, {
      groupId: this.pid,
      mark: this.mark,
      periodMs,
      ...(this.#cgroup ? { cgroup: this.#cgroup } : {}),
    });
  }

  /** Signals the whole group, such as SIGSTOP and SIGCONT. */
  signal(name: NodeJS.Signals): void {
    signalGroup(this.pid, name);
  }

  /** Asks the whole group to stop, with its stop signal; does not wait. */
  askToStop(): void {
    this.signal(this.#launched.stopSignal);
  }

  /** Kills the whole group. */
  kill(): void {
    this.signal('SIGKILL');
  }

  /**
   * Asks it to stop, kills it after the grace period, and waits until its whole tree is gone. Called again, it tells what
   * came of the first time.
   */
  async stop(graceMs: number): Promise<StopOutcome> {
    this.#stopping ??= stopTree(this, this.mark, graceMs, this.#cgroup).finally(() => this.#cgroup?.remove());
    return await this.#stopping;
  }

  /** What it wrote to its log of stdout so far; of much, the first and the last part. */
  output(): string {
    return this.#launched.stdoutLog.text();
  }

  /** The last lines that it wrote to stderr. */
  stderrTail(): string {
    return this.#launched.stderrLog.tail(TAIL_BYTES).trim();
  }

  /** SIGKILL ends a stopped process too. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(0);
  }
}
