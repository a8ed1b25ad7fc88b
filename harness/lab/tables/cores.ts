/** The server on one core, the harness with its clients on the others: what one uses is then no rival of the other. */
import { execa } from 'execa';
import { coresOf } from '../../observe/parse/core-list.ts';

export interface Cores {
  /** As `taskset --cpu-list` takes it. */
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
  if (cores === undefined || !(await stayOn(cores.clients))) {
    return { cores: undefined, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  return {
    cores,
    async [Symbol.asyncDispose]() {
      await stayOn(own);
    },
  };
}

async function stayOn(cores: string): Promise<boolean> {
  const { exitCode } = await execa(
    'taskset',
    ['--all-tasks', '--cpu-list', '--pid', cores, String(process.pid)],
    { reject: false, stdio: 'ignore' },
  );
  return exitCode === 0;
}
