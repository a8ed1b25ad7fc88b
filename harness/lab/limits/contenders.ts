/** What the limits compare: servers to load, and the load makers, each on a core of its own where there are two. */
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { LoadSpec } from '../../load/backend.ts';
import { processesBackend } from '../../load/generator/processes.ts';
import { readEnvironment } from '../../observe/machine/environment.ts';
import type { LoadResult } from '../../results/schema/load.ts';
import { canPin, moveToCores, pinned, splitCores } from '../../rig/cores.ts';
import type { LineProcess } from '../../rig/line-process.ts';
import { openRig } from '../../rig/rig.ts';
import { makeBareLoad, type BareLoad } from '../bare-client.ts';
import type { Lab } from '../lab.ts';

const NATIVE = fileURLToPath(new URL('../../../build/native/', import.meta.url));

/** The path of a file of the limits. */
const own = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** With what the limits are measured. */
export interface Contest extends Lab {
  /** How often each contender has its turn. */
  readonly rounds: number;
  readonly signal: AbortSignal;
}

/** This process itself may run everywhere: where a load takes several generators, they roam. */
export async function openContest(rounds: number, signal: AbortSignal): Promise<Contest> {
  const environment = readEnvironment();
  const cores = (await canPin()) ? splitCores(String(environment.identity.cpusAllowed ?? '')) : undefined;
  const rig = openRig();
  return { rig, environment, cores, rounds, signal, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
}

/** Starts a native server. */
export function startNative(contest: Contest, ...options: readonly string[]): Promise<LineProcess> {
  return start(contest, [`${NATIVE}server`, ...options, '--backlog', '4096']);
}

/** Starts the plainest HTTP server. */
export function startHttp(contest: Contest): Promise<LineProcess> {
  return start(contest, [process.execPath, own('http-server.ts')]);
}

function start({ rig, cores, signal }: Contest, command: readonly string[]): Promise<LineProcess> {
  return rig.startLineProcess({ name: 'limits-server', command, cores: cores?.server }, signal);
}

/** CPU time of the bare C client for each message or connection, in µs. */
export function bareClient({ cores, signal }: Contest, port: number, load: BareLoad): Promise<number> {
  return makeBareLoad(load, port, signal, cores?.clients);
}

/** The load of HTTP requests. */
const HTTP = { connections: 50, seconds: 2 };

/** CPU time of autocannon for each request, in µs. */
export async function autocannon(contest: Contest, port: number): Promise<number> {
  const load = [`http://127.0.0.1:${port}/`, `${HTTP.connections}`, `${HTTP.seconds}`];
  const stdout = await run(contest, [process.execPath, own('autocannon.ts'), ...load]);
  const { cpuUs, requests } = JSON.parse(stdout) as { cpuUs: number; requests: number };
  return cpuUs / requests;
}

/** Whether wrk is installed. */
export async function hasWrk(): Promise<boolean> {
  const { exitCode } = await execa('which', ['wrk'], { reject: false, stdio: 'ignore' });
  return exitCode === 0;
}

/** CPU time of wrk for each request, in µs: bash's `times` tells what its children used. */
export async function wrk(contest: Contest, port: number): Promise<number> {
  const command = `wrk -t1 -c${HTTP.connections} -d${HTTP.seconds}s http://127.0.0.1:${port}/; times`;
  const stdout = await run(contest, ['bash', '-c', command]);
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  const children = stdout.trim().split('\n').at(-1) ?? '';
  const used = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
  return (used.reduce((sum, one) => sum + one, 0) * 1e6) / requests;
}

/** Runs a load maker on the clients' core and returns what it says. */
async function run({ cores, signal }: Contest, command: readonly string[]): Promise<string> {
  const [program = '', ...args] = pinned(command, cores?.clients);
  const { stdout } = await execa(program, args, { cancelSignal: signal, stdin: 'ignore' });
  return stdout;
}

/** Makes one load from fresh generators: one is kept on the clients' core, several roam. */
export async function load(
  { cores, signal }: Contest,
  spec: Partial<LoadSpec> & Pick<LoadSpec, 'scenarioModule' | 'parameters' | 'port' | 'clients'>,
  generators = 1,
): Promise<LoadResult> {
  await using backend = processesBackend({ generators });
  const defaults = { host: '127.0.0.1', seed: 1, deadlineMs: 60_000, warmupMs: 0, folder: '/nowhere' };
  await using fleet = await backend.acquire({ ...defaults, ...spec }, signal);
  if (cores && generators === 1) await moveToCores(fleet.pids, cores.clients);
  await fleet.prepare();
  const result = await fleet.run(signal);
  signal.throwIfAborted();
  return result;
}

/** The absolute path of one of the limits' own scenarios. */
export function scenario(name: string): string {
  return own(`scenarios/${name}.ts`);
}

/** A connection for every exchange. */
export const RECONNECT = own('../../load/generator/reconnect.ts');
