import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from '../../property.ts';
import type { ProcessStat } from '../../../harness/observe/parse/process.ts';
import { ProcFs } from '../../../harness/observe/proc-fs.ts';
import {
  membersAmong,
  isAlive,
  readStat,
  readTree,
  SERVER_MARK,
} from '../../../harness/observe/tree/tree.ts';
import { Child } from '../fixtures/child.ts';
import { FakeKernelFiles } from '../fixtures/fake-kernel-files.ts';
import { eventually } from '../../waiting.ts';

const proc = new ProcFs();
const pidsOf = (tree: readonly ProcessStat[]): number[] =>
  tree.map(({ pid }) => pid).toSorted((a, b) => a - b);

describe('a tree of real processes', () => {
  test('holds the root, its children and their children', async () => {
    await using root = new Child(['/bin/sh', '-c', '(sleep 1000 & echo $!; wait) & read line']);
    const grandchild = Number(await root.line());
    const child = readStat(proc, grandchild)?.parentPid ?? 0;
    assert.deepEqual(
      pidsOf(readTree(root.pid)),
      [root.pid, child, grandchild].toSorted((a, b) => a - b),
    );
  });

  test('holds a daemon that left tree and group, by the mark in its environment', async () => {
    const mark = randomUUID();
    // Once the outer shell goes on, the daemon's parents have ended: it belongs to init, in a session of its own.
    const script = 'setsid sh -c "(sleep 1000 & echo \\$!)"; echo left; read line';
    await using root = new Child(['/bin/sh', '-c', script], { [SERVER_MARK]: mark });
    const daemon = Number(await root.line());
    assert.equal(await root.line(), 'left');
    try {
      assert.ok(!pidsOf(readTree(root.pid, { groupId: root.pid })).includes(daemon));
      assert.ok(pidsOf(readTree(root.pid, { mark })).includes(daemon));
      assert.ok(!pidsOf(readTree(root.pid, { mark: randomUUID() })).includes(daemon));
    } finally {
      process.kill(daemon, 'SIGKILL');
    }
  });

  test('holds what has ended and was not waited for', async () => {
    // The shell becomes a program that waits for no child.
    await using root = new Child(['/bin/sh', '-c', 'sleep 1000 & echo $!; exec cat']);
    const zombie = Number(await root.line());
    await eventually('the shell to become cat', () => readStat(proc, root.pid)?.name === 'cat');
    process.kill(zombie, 'SIGKILL');
    await eventually('a zombie', () => readStat(proc, zombie)?.state === 'Z');
    const found = readTree(root.pid).find(({ pid }) => pid === zombie);
    assert.equal(found?.state, 'Z');
  });

  test('is known by pid and start together', () => {
    const self = readStat(proc, process.pid);
    assert.ok(self !== undefined);
    assert.ok(isAlive(self));
    assert.ok(!isAlive({ pid: self.pid, startTicks: self.startTicks + 1 }));
  });
});

describe('a tree in a /proc of our own', () => {
  test('holds its group, also when the root is gone', () => {
    using kernel = new FakeKernelFiles();
    kernel.process(10, { parentPid: 1, groupId: 5 });
    kernel.process(11, { parentPid: 10, groupId: 11 });
    kernel.process(12, { parentPid: 1, groupId: 12 });
    assert.deepEqual(pidsOf(readTree(5, { groupId: 5 }, kernel.files)), [10, 11]);
  });

  test('passes over entries that are malformed or vanish', () => {
    using kernel = new FakeKernelFiles();
    kernel.process(10);
    kernel.write('11/stat', '11 (half');
    kernel.write('12/comm', 'no stat\n');
    kernel.write('self/stat', 'not a number');
    assert.deepEqual(pidsOf(readTree(10, {}, kernel.files)), [10]);
  });

  test('is empty when there is no /proc', () => {
    assert.deepEqual(readTree(1, {}, new ProcFs('/nonexistent')), []);
  });
});

test('membership follows parents in any order and through circles', () => {
  const forest = fc
    .array(fc.tuple(fc.nat(30), fc.nat(30), fc.nat(3)), { maxLength: 40 })
    .map((rows) => [
      ...new Map(rows.map(([pid, parentPid, groupId]) => [pid, { pid, parentPid, groupId }])).values(),
    ]);
  fc.assert(
    fc.property(forest, fc.nat(30), (candidates, root) => {
      const byPid = new Map(candidates.map((candidate) => [candidate.pid, candidate]));
      const members = membersAmong(
        candidates,
        (pid) => pid === root,
        ({ pid, groupId }) => pid === root || groupId === 0,
      );
      for (const candidate of candidates) {
        const line: number[] = [];
        let joined = false;
        let one: typeof candidate | undefined = candidate;
        while (one !== undefined && !joined && !line.includes(one.pid)) {
          line.push(one.pid);
          joined = one.pid === root || one.groupId === 0 || one.parentPid === root;
          one = byPid.get(one.parentPid);
        }
        assert.equal(members.has(candidate.pid), joined);
      }
    }),
  );
});
