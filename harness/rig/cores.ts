/** Which cores there are, and keeping processes on them: the one place that knows taskset (util-linux). */
import { execa } from 'execa';
import { UnfitError } from '../errors.ts';
import { coresOf } from '../observe/parse/machine.ts';

/** The command that starts another on these cores, such as `0` or `0,1`; itself where they are undefined. */
export function pinned(command: readonly string[], cores: string | undefined): readonly string[] {
  return cores === undefined ? command : ['taskset', '--cpu-list', cores, ...command];
}

/** Whether processes can be kept on cores here. */
export async function canPin(): Promise<boolean> {
  const { exitCode } = await execa('taskset', ['--version'], { reject: false, stdio: 'ignore' });
  return exitCode === 0;
}

/**
 * Moves processes with all their threads to some cores. What they start from then on stays there too. One that has
 * ended meanwhile is let be.
 *
 * @throws UnfitError where the kernel refuses
 */
export async function moveToCores(pids: readonly number[], cores: string): Promise<void> {
  await Promise.all(pids.map((pid) => moveOne(pid, cores)));
}

async function moveOne(pid: number, cores: string): Promise<void> {
  const args = ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)];
  const { exitCode, stderr } = await execa('taskset', args, {
    reject: false,
    stdout: 'ignore',
    stdin: 'ignore',
  });
  if (exitCode === 0 || (exitCode !== undefined && stderr.includes('No such process'))) return;
  const why = exitCode === undefined ? 'taskset (util-linux) could not be run' : stderr.trim();
  throw new UnfitError(`Cannot keep process ${pid} on core ${cores}: ${why}.`);
}

/** The server on one core, the clients on the others: what one uses is then no rival of the other. */
export interface Cores {
  readonly server: string;
  readonly clients: string;
}

/**
 * Splits the cores that this process may use: the first for the server, all others for the clients.
 *
 * @param allowed as the kernel writes it: `0-1,4`
 * @returns undefined where there are not two
 */
export function splitCores(allowed: string): Cores | undefined {
  const [server, ...clients] = coresOf(allowed);
  return server === undefined || clients.length === 0
    ? undefined
    : { server: String(server), clients: clients.join(',') };
}

/** Keeps this process, and whatever it starts from now on, off the server's core until disposed. */
export interface Confinement extends AsyncDisposable {
  /** Undefined where processes cannot be kept on cores: one core only, or no taskset. */
  readonly cores: Cores | undefined;
}

/** @param allowed the cores that this process may use, or null where that is not known */
export async function confine(allowed: string | number | null): Promise<Confinement> {
  const own = String(allowed ?? '');
  const cores = splitCores(own);
  if (cores === undefined || !(await stayOn(cores.clients)))
    return { cores: undefined, [Symbol.asyncDispose]: () => Promise.resolve() };
  return { cores, [Symbol.asyncDispose]: async () => void (await stayOn(own)) };
}

/** Whether this process could be moved. */
async function stayOn(cores: string): Promise<boolean> {
  return await moveToCores([process.pid], cores).then(
    () => true,
    () => false,
  );
}
