/** What the limits compare: servers to load, and the load makers, each on a core of its own where there are two. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { LoadSpec } from '../../load/backend.ts';
import type { LoadResult } from '../../results/schema/load.ts';
import { processesBackend } from '../../load/generator/processes.ts';

const NATIVE = fileURLToPath(new URL('../../../build/native/', import.meta.url));
const run = promisify(execFile);

/** The cores that servers and clients are bound to; undefined where there is only one, or no taskset. */
const CORES = availableParallelism() > 1 && has('taskset') ? { server: '0', client: '1' } : undefined;

/** True where a program of that name can be run. */
export function has(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface Server extends AsyncDisposable {
  readonly port: number;
}

/** Starts a native server on all addresses. */
export function startNative(...options: readonly string[]): Promise<Server> {
  return start(`${NATIVE}server`, [...options, '--host', '0.0.0.0', '--backlog', '4096']);
}

/** Starts the plainest HTTP server. */
export function startHttp(): Promise<Server> {
  return start(process.execPath, [fileURLToPath(new URL('http-server.ts', import.meta.url))]);
}

async function start(command: string, options: readonly string[]): Promise<Server> {
  const [program, ...rest] = bound('server', [command, ...options]);
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout);
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as [unknown];
  if (typeof line !== 'string') throw new Error(`${command} did not start (exit ${String(line)})`);
  return {
    port: (JSON.parse(line) as { port: number }).port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

/** CPU time of the bare C client for each message or connection, in µs. */
export async function bareClient(port: number, ...options: readonly string[]): Promise<number> {
  const [program, ...rest] = bound('client', [`${NATIVE}client`, '--port', String(port), ...options]);
  const { stdout } = await run(program, rest);
  return (JSON.parse(stdout) as { cpuNsPerMessage: number }).cpuNsPerMessage / 1000;
}

/** CPU time of autocannon for each request, in µs. */
export async function autocannon(port: number, connections: number, seconds: number): Promise<number> {
  const script = fileURLToPath(new URL('autocannon.ts', import.meta.url));
  const url = `http://127.0.0.1:${port}/`;
  const [program, ...rest] = bound('client', [
    process.execPath,
    script,
    url,
    String(connections),
    String(seconds),
  ]);
  const { stdout } = await run(program, rest);
  const { cpuUs, requests } = JSON.parse(stdout) as { cpuUs: number; requests: number };
  return cpuUs / requests;
}

/** CPU time of wrk for each request, in µs: bash's `times` tells what its children used. */
export async function wrk(port: number, connections: number, seconds: number): Promise<number> {
  const command = `wrk -t1 -c${connections} -d${seconds}s http://127.0.0.1:${port}/; times`;
  const [program, ...rest] = bound('client', ['bash', '-c', command]);
  const { stdout } = await run(program, rest);
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  const children = stdout.trim().split('\n').at(-1) ?? '';
  const seconds2 = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
  return (seconds2.reduce((sum, one) => sum + one, 0) * 1e6) / requests;
}

/** Makes one load from fresh generators bound to the clients' core (several of them roam). */
export async function load(
  spec: Partial<LoadSpec> & Pick<LoadSpec, 'scenarioModule' | 'parameters' | 'port' | 'clients'>,
  generators = 1,
): Promise<LoadResult> {
  const never = new AbortController().signal;
  await using backend = processesBackend({ generators });
  const defaults = { hosts: ['127.0.0.1'], seed: 1, deadlineMs: 60_000, warmupMs: 0, folder: '/nowhere' };
  await using fleet = await backend.acquire({ ...defaults, ...spec }, never);
  if (CORES && generators === 1) execFileSync('taskset', ['-apc', CORES.client, String(fleet.pids[0])]);
  await fleet.prepare();
  return await fleet.run(never);
}

/** The absolute path of one of the limits' own scenarios. */
export function scenario(name: string): string {
  return fileURLToPath(new URL(`scenarios/${name}.ts`, import.meta.url));
}

function bound(side: 'server' | 'client', command: readonly [string, ...string[]]): [string, ...string[]] {
  return CORES ? ['taskset', '-c', CORES[side], ...command] : [...command];
}
