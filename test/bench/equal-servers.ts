/**
 * Records a default sweep of one server under six names, from which `test/lab/order.test.ts` draws runs:
 * `node test/bench/equal-servers.ts [repetitions] [clients]` (10 and 1..500 unless told; about 20 minutes on a quiet machine).
 *
 * The six commands are the same to the letter, so that whatever a run says of an order among them is false.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordedCells } from '../../harness/lab/order/recorded.ts';
import { findRunFolder } from '../../harness/results/folder.ts';
import { writeFileDurably } from '../../harness/results/files.ts';
import { readRun } from '../../harness/results/run.ts';
import { commandLine } from '../../servers/command-line.ts';

const NAMES = ['one', 'two', 'three', 'four', 'five', 'six'];
const [repetitions = '10', clients = '1..500'] = process.argv.slice(2);

const root = new URL('../../', import.meta.url);
const server = commandLine('c', 'c-epoll', { service: 'session', host: '{host}', port: '{port}' }).join(' ');
const results = mkdtempSync(join(tmpdir(), 'holdfast-equal-'));
try {
  const { status } = spawnSync(
    process.execPath,
    [
      'harness/main.ts',
      'bench',
      ...NAMES.flatMap((name) => ['--command', `${name}=${server}`]),
      ...['--clients', clients, '--trials', repetitions, '--out', results],
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (status !== 0) throw new Error(`holdfast bench ended with exit code ${status}.`);
  const { metrics } = recordedCells(await readRun(findRunFolder('latest', results)));
  const compact = metrics.map((cells) =>
    cells.map(({ server: name, level, samples }) => ({
      server: name,
      level,
      samples: samples.map(({ block, value }) => ({ block, value: Number(value.toPrecision(5)) })),
    })),
  );
  const path = new URL('test/lab/equal-servers.json', root);
  writeFileDurably(path.pathname, `${JSON.stringify(compact)}\n`);
} finally {
  rmSync(results, { recursive: true, force: true });
}
