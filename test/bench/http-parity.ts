/**
 * What Holdfast adds to autocannon: requests a second of ts-loop through `holdfast bench --scenario http`, and through
 * autocannon's own command line, measured in turn, each time with a fresh server and a fresh generator.
 *
 *     node test/bench/http-parity.ts [ROUNDS] [CLIENTS]     default 8 rounds, 50 clients
 */
import { execFile, spawn } from 'node:child_process';
import { mkdtempDisposableSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { commandLine } from '../../servers/command-line.ts';

const run = promisify(execFile);

const HOLDFAST = fileURLToPath(new URL('../../harness/main.ts', import.meta.url));
const AUTOCANNON = createRequire(import.meta.url).resolve('autocannon');
const SECONDS = 3;

async function throughHoldfast(clients: number): Promise<number> {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'http-parity-'));
  await run(process.execPath, [
    HOLDFAST,
    'bench',
    '--scenario=http',
    '--servers=ts-loop',
    '--trials=1',
    '--quiet',
    `--clients=${clients}`,
    `--set=duration=${SECONDS}s`,
    `--out=${folder.path}`,
  ]);
  const line = readFileSync(join(folder.path, 'latest', 'trials.jsonl'), 'utf8');
  const { load } = JSON.parse(line) as { load: { counters: { toolRequests: number } } };
  return load.counters.toolRequests;
}

async function alone(clients: number): Promise<number> {
  const [file = '', ...args] = commandLine('ts', 'ts-loop', { service: 'http', port: 0 });
  // In a session of its own, as Holdfast starts it: on a busy machine the kernel shares cores out by session.
  const server = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  try {
    const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
    const { port } = JSON.parse((await lines.next()).value ?? '') as { port: number };
    const url = `http://127.0.0.1:${port}/echo`;
    const { stdout } = await run(process.execPath, [
      AUTOCANNON,
      '--json',
      `--duration=${SECONDS}`,
      `--connections=${clients}`,
      url,
    ]);
    const { requests } = JSON.parse(stdout) as { requests: { average: number } };
    return requests.average;
  } finally {
    server.kill('SIGTERM');
  }
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
};

const [rounds = 8, clients = 50] = process.argv.slice(2).map(Number);
const ratios: number[] = [];
console.log('round   autocannon alone   through Holdfast   ratio');
for (let round = 1; round <= rounds; round += 1) {
  // Who is first changes from round to round, so that a drift of the machine falls on both.
  const first = round % 2 === 1 ? await alone(clients) : undefined;
  const through = await throughHoldfast(clients);
  const own = first ?? (await alone(clients));
  ratios.push(through / own);
  const [left, right] = [own, through].map((value) => `${value.toFixed(0)}/s`.padStart(16));
  console.log(`${String(round).padStart(5)} ${left}   ${right}   ${(through / own).toFixed(3)}`);
}
const percent = (100 * (median(ratios) - 1)).toFixed(1);
console.log(`through Holdfast against alone: ${percent} % (median of ${rounds} rounds)`);
