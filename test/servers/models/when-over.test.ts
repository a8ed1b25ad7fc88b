import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { whenOver } from '../../../servers/models/worker/workers.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-over-'));
after(() => rmSync(folder, { recursive: true }));

/** A child whose events come in an order of the test's choice. */
function fakeChild(pid: number | undefined) {
  return Object.assign(new EventEmitter(), { pid }) as EventEmitter & Pick<ChildProcess, 'once' | 'pid'>;
}

void test('a child is over when it has exited and its channel is empty, in either order, and once', () => {
  for (const order of [
    ['exit', 'disconnect'],
    ['disconnect', 'exit'],
  ]) {
    const child = fakeChild(1);
    let overs = 0;
    whenOver(child, () => (overs += 1));
    child.emit(order[0] ?? '');
    assert.equal(overs, 0);
    child.emit(order[1] ?? '');
    child.emit('error', new Error('a message that came too late'));
    assert.equal(overs, 1);
  }
});

void test('a child that could not be started is over', () => {
  const child = fakeChild(undefined);
  let overs = 0;
  whenOver(child, () => (overs += 1));
  child.emit('error', new Error('spawn EAGAIN'));
  assert.equal(overs, 1);
});

void test('no message of a real child comes after its end, however it ends', async () => {
  const program = join(folder, 'talker.cjs');
  writeFileSync(
    program,
    `let left = 200; for (let i = 0; i < 200; i++) process.send(i, () => { if (--left === 0) process.exit(); });`,
  );
  for (let round = 0; round < 5; round++) {
    const child = fork(program);
    let heard = 0;
    child.on('message', () => (heard += 1));
    await new Promise<void>((resolve) => whenOver(child, resolve));
    assert.equal(heard, 200);
  }
  const killed = fork(program);
  killed.kill('SIGKILL');
  await new Promise<void>((resolve) => whenOver(killed, resolve));
});
