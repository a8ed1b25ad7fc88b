/**
 * A separate cgroup for a server: the kernel counts the CPU time of every process that was ever in it, in nanoseconds,
 * however short-lived. No controller is enabled, so limits and scheduling do not change. Creating it needs write access
 * to the cgroup file system, usually root.
 */
import { mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { ownCgroups, type OwnCgroup } from './own-cgroups.ts';
import { parseCpuStat, parseNanoseconds, type CpuTime } from '../parse/cgroup.ts';
import { ProcFs, type ProcHandle } from '../proc-fs.ts';
import { isAlive, readStat } from '../tree/tree.ts';
import { isUnreadable, type Unreadable } from '../unreadable.ts';

const PREFIX = 'holdfast';
const V1_FILES = ['cpuacct.usage', 'cpuacct.usage_user', 'cpuacct.usage_sys'] as const;

const content = Buffer.allocUnsafe(4096);

/** One cgroup, from `create` to `remove`. */
export class CpuCgroup implements Disposable {
  readonly path: string;
  readonly #files: ProcFs;
  readonly #version: 1 | 2;
  /** Kept open because the sampler reads them ten times a second. */
  readonly #open = new Map<string, ProcHandle>();

  private constructor(path: string, version: 1 | 2) {
    this.path = path;
    this.#files = new ProcFs(path, V1_FILES.length);
    this.#version = version;
    for (const name of version === 2 ? ['cpu.stat'] : V1_FILES) {
      const file = this.#files.open(name);
      if (file !== undefined) this.#open.set(name, file);
    }
  }

  /**
   * Makes a cgroup below this process's own.
   *
   * @param name letters, digits, `-` and `_`; unique within this process
   * @returns an `Unreadable` where this user or this system does not allow one
   */
  static create(name: string, proc = new ProcFs()): CpuCgroup | Unreadable {
    for (const { folder, version } of places(proc)) {
      removeLeftovers(folder, proc);
      const path = `${folder}/${PREFIX}-${process.pid}-${readStat(proc, process.pid)?.startTicks ?? 0}-${name}`;
      try {
        mkdirSync(path);
      } catch {
        continue;
      }
      const cgroup = new CpuCgroup(path, version);
      if (!isUnreadable(cgroup.read())) return cgroup;
      cgroup.remove();
    }
    return { unreadable: 'denied', what: 'a cgroup for the server' };
  }

  /**
   * Prefix of a command that makes it run inside from its first instruction: a shell enters the cgroup and execs the
   * command under the same pid. Moving a process later would miss what it has forked by then.
   */
  get launcher(): readonly string[] {
    return ['/bin/sh', '-c', 'echo $$ > "$0" && exec "$@"', `${this.path}/cgroup.procs`];
  }

  /** Moves a live process with its threads and future children. @throws the error of the kernel */
  add(pid: number): void {
    writeFileSync(`${this.path}/cgroup.procs`, `${pid}\n`);
  }

  /** The processes inside. */
  pids(): readonly number[] {
    const text = this.#files.text('cgroup.procs');
    return isUnreadable(text) ? [] : text.split('\n').filter(Boolean).map(Number);
  }

  /** CPU time of everything that ever ran inside; a running thread lags by up to one scheduler tick. */
  read(): CpuTime | Unreadable {
    if (this.#version === 2) return this.#parse('cpu.stat', parseCpuStat);
    const cpuNs = this.#parse('cpuacct.usage', parseNanoseconds);
    const userNs = this.#parse('cpuacct.usage_user', parseNanoseconds);
    const systemNs = this.#parse('cpuacct.usage_sys', parseNanoseconds);
    if (isUnreadable(cpuNs)) return cpuNs;
    if (isUnreadable(userNs)) return userNs;
    if (isUnreadable(systemNs)) return systemNs;
    return { cpuNs, userNs, systemNs };
  }

  #parse<T>(name: string, parser: (bytes: Buffer) => T | Unreadable): T | Unreadable {
    const bytes = this.#open.get(name)?.read(content) ?? this.#files.read(name);
    return isUnreadable(bytes) ? bytes : parser(bytes);
  }

  /** Removes the cgroup; false while a process is inside. */
  remove(): boolean {
    for (const file of this.#open.values()) file[Symbol.dispose]();
    this.#open.clear();
    return removeFolder(this.path);
  }

  [Symbol.dispose](): void {
    this.remove();
  }
}

/**
 * Where a cgroup can be made. Version 2 comes first: it counts CPU time without the cpu controller. In version 1 only
 * cpuacct without cpu will do, since a cgroup with cpu changes the scheduling.
 */
function places(proc: ProcFs): OwnCgroup[] {
  const usable = ({ version, controllers }: OwnCgroup): boolean =>
    version === 2 || (controllers.includes('cpuacct') && !controllers.includes('cpu'));
  return ownCgroups(proc)
    .filter(usable)
    .sort((a, b) => b.version - a.version);
}

/**
 * Removes cgroups of a killed harness, and kills what is still in them: processes that nobody will ask for again. The
 * kernel refuses to remove a cgroup while they are ending; it is removed the next time.
 */
function removeLeftovers(folder: string, proc: ProcFs): void {
  try {
    for (const name of readdirSync(folder)) {
      const [, pid, startTicks] = new RegExp(`^${PREFIX}-(\\d+)-(\\d+)-`).exec(name) ?? [];
      if (pid === undefined || isAlive({ pid: Number(pid), startTicks: Number(startTicks) }, proc)) continue;
      const path = `${folder}/${name}`;
      if (removeFolder(path)) continue;
      const inside = readFileSync(`${path}/cgroup.procs`, 'utf8').split('\n').filter(Boolean);
      // A process of another pid namespace is shown as 0.
      for (const one of inside) if (one !== '0') process.kill(Number(one), 'SIGKILL');
    }
  } catch {
    // A folder that cannot be listed, or that is gone by now, holds nothing that we could remove.
  }
}

function removeFolder(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch {
    return false;
  }
}
