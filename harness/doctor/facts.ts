/** Everything that the checks of the machine look at, read at once. */
import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import { findVariant } from '../../servers/catalogue.ts';
import { CpuCgroup } from '../observe/cpu/cgroup.ts';
import { readEnvironment } from '../observe/machine/environment.ts';
import { readKernelCounters } from '../observe/machine/kernel-counters.ts';
import { isUnreadable } from '../observe/unreadable.ts';
import type { Environment } from '../results/schema/run.ts';
import { observeActivity, type Activity } from './activity.ts';

export interface MachineFacts {
  readonly environment: Environment;
  readonly activity: Activity;
  /** Sockets in TIME_WAIT; null where the kernel does not tell. */
  readonly timeWait: number | null;
  /** A cgroup can be made for a server. */
  readonly cgroup: boolean;
  /** First line of what `cc --version` says; null where there is no C compiler. */
  readonly compiler: string | null;
  /** The servers in C are built. */
  readonly nativeServers: boolean;
  /** The version of Node that the lockfile pins, such as `24.21.0`; null where there is no package.json. */
  readonly pinnedNode: string | null;
  /** What reading the clock once takes, in ns. */
  readonly clockReadNs: number;
}

/** Reads them. Looks at what runs on the machine for so long. */
export async function readFacts(observeMs: number, signal: AbortSignal): Promise<MachineFacts> {
  const activity = await observeActivity(observeMs, signal);
  return {
    environment: readEnvironment(),
    activity,
    timeWait: readKernelCounters().timeWait ?? null,
    cgroup: canMakeCgroup(),
    compiler: await compilerVersion(signal),
    nativeServers: findVariant('c-epoll')?.available().ok ?? false,
    pinnedNode: pinnedNode(),
    clockReadNs: clockReadNs(),
  };
}

function canMakeCgroup(): boolean {
  const made = CpuCgroup.create('doctor');
  if (isUnreadable(made)) return false;
  made.remove();
  return true;
}

async function compilerVersion(signal: AbortSignal): Promise<string | null> {
  const options = { reject: false, cancelSignal: signal, timeout: 5000 } as const;
  const { failed, stdout } = await execa('cc', ['--version'], options);
  signal.throwIfAborted();
  return failed ? null : (stdout.split('\n')[0] ?? '');
}

function pinnedNode(): string | null {
  try {
    const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    const manifest = JSON.parse(text) as { optionalDependencies?: Readonly<Record<string, string>> };
    return manifest.optionalDependencies?.[`node-linux-${process.arch}`] ?? null;
  } catch {
    return null;
  }
}

const CLOCK_READINGS = 20_000;

function clockReadNs(): number {
  const begin = process.hrtime.bigint();
  for (let i = 1; i < CLOCK_READINGS; i++) process.hrtime.bigint();
  return Number(process.hrtime.bigint() - begin) / CLOCK_READINGS;
}
