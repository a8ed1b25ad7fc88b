import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { isAlive, readStat, readTree } from '../../harness/observe/tree/tree.ts';
import { ProcFs } from '../../harness/observe/proc-fs.ts';
import { Guard } from '../../harness/rig/guard.ts';
import { eventually, within } from '../waiting.ts';

/** Above the largest pid that Linux gives. */
const NO_PROCESS = 2 ** 22 + 1;
const GUARD = new URL('../../harness/rig/guard.ts', import.meta.url).href;

/** How many processes carry the mark, besides a root that does not exist. */
function marked(mark: string): number {
  return readTree(NO_PROCESS, { mark }).length;
}

describe('the guard', () => {
  it('kills what a harness left behind that was killed with SIGKILL, even in another session', async () => {
    const mark = `guard-test-${process.pid}`;
    const harness = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { Guard } from ${JSON.stringify(GUARD)};
         import { spawn } from 'node:child_process';
         const guard = new Guard(${JSON.stringify(mark)});
         const options = { env: { ...process.env, HOLDFAST_SERVER: ${JSON.stringify(mark)} }, stdio: 'ignore', detached: true };
         const server = spawn('sleep', ['300'], options);
         const stray = spawn('sleep', ['301'], options);
         guard.watch([server.pid]);
         console.log([server.pid, stray.pid].join(' '));
         setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await within('the harness', once(harness.stdout, 'data'))) as [Buffer];
    const proc = new ProcFs();
    const left = line
      .toString()
      .trim()
      .split(' ')
      .map(Number)
      .flatMap((pid) => readStat(proc, pid) ?? []);
    assert.equal(left.length, 2);
    harness.kill('SIGKILL');
    await eventually(
      'the guard to kill all of it',
      () => !left.some((process) => isAlive(process)) && marked(mark) === 0,
    );
  });

  it('goes away without killing when it is dismissed', async () => {
    const mark = `guard-farewell-${process.pid}`;
    const bystander = spawn('sleep', ['300'], {
      env: { ...process.env, HOLDFAST_SERVER: mark },
      stdio: 'ignore',
    });
    try {
      await using guard = new Guard(mark);
      guard.watch([]);
      await guard[Symbol.asyncDispose]();
      assert.equal(bystander.exitCode, null);
      assert.equal(marked(mark), 1);
    } finally {
      bystander.kill('SIGKILL');
    }
  });
});
