/** Which cores there are, and keeping processes on them. */
import { execa } from 'execa';
import { UnfitError } from '../../errors.ts';

export { coresOf } from '../../observe/parse/machine.ts';

/**
 * Moves processes with all their threads to one core. What they start from then on stays there too. One that has ended
 * meanwhile is let be.
 *
 * @throws UnfitError where the kernel refuses
 */
export async function pin(pids: readonly number[], core: number): Promise<void> {
  await Promise.all(pids.map((pid) => pinOne(pid, core)));
}

async function pinOne(pid: number, core: number): Promise<void> {
  const { exitCode, stderr } = await execa(
    'taskset',
    ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)],
    { reject: false, stdout: 'ignore', stdin: 'ignore' },
  );
  if (exitCode === 0 || /No such process/.test(stderr)) return;
  throw new UnfitError(
    `Cannot keep process ${pid} on core ${core}: ${stderr.trim() || 'taskset failed'}. Measure in turn with --arrangement in-turn.`,
  );
}

/**
 * Keeps two groups of processes on a core each, the first on the first, for as long as the result is not disposed of.
 *
 * @throws UnfitError where the kernel refuses; so may disposing
 */
export type KeepOnCores = (
  groups: readonly [readonly number[], readonly number[]],
  cores: readonly [number, number],
) => Promise<AsyncDisposable>;

/** Each group stays where it is put. */
export const stayOnCores: KeepOnCores = async (groups, cores) => {
  await Promise.all(groups.map((pids, i) => pin(pids, cores[i] as number)));
  return { [Symbol.asyncDispose]: () => Promise.resolve() };
};

/** Whether taskset is there (util-linux). */
export async function canPin(): Promise<boolean> {
  const { exitCode } = await execa('taskset', ['--version'], { reject: false, stdio: 'ignore' });
  return exitCode === 0;
}
