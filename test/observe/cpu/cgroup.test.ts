import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { cgroupLimits, folderOf } from '../../../harness/observe/cpu/own-cgroups.ts';
import { isUnreadable } from '../../../harness/observe/unreadable.ts';
import { CpuCgroup } from '../../../harness/observe/cpu/cgroup.ts';
import { TreeSampler } from '../../../harness/observe/sampler/sampler.ts';
import { Child } from '../fixtures/child.ts';
import { FakeKernelFiles } from '../fixtures/fake-kernel-files.ts';
import { eventually } from '../../waiting.ts';

/** Removes the cgroup at the end; the kernel needs a moment until the last process has left. */
function cgroupFor(t: TestContext, name: string): CpuCgroup | undefined {
  const cgroup = CpuCgroup.create(name);
  if (isUnreadable(cgroup)) {
    t.skip('no cgroup can be made here');
    return undefined;
  }
  t.after(() => eventually('the cgroup to be empty', () => cgroup.remove() && !existsSync(cgroup.path)));
  return cgroup;
}

describe('a cgroup of its own', () => {
  test('counts a child that was never seen, from the first instruction on', async (t) => {
    const cgroup = cgroupFor(t, 'unseen');
    if (cgroup === undefined) return;
    const script = '(i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done); echo done; read line';
    await using tree = new Child([...cgroup.launcher, '/bin/sh', '-c', script]);
    await tree.line();
    const use = cgroup.read();
    assert.ok(!isUnreadable(use) && use.cpuNs > 10e6, JSON.stringify(use));
    assert.ok(use.userNs + use.systemNs <= use.cpuNs * 1.01);
  });

  test('has its processes inside and cannot be removed before they are gone', async (t) => {
    const cgroup = cgroupFor(t, 'inside');
    if (cgroup === undefined) return;
    await using tree = new Child(['/bin/sh', '-c', 'echo up; read line']);
    await tree.line();
    cgroup.add(tree.pid);
    assert.deepEqual(cgroup.pids(), [tree.pid]);
    assert.equal(cgroup.remove(), false);
  });

  test('is not believed by the sampler of a server that is elsewhere', async (t) => {
    const cgroup = cgroupFor(t, 'elsewhere');
    if (cgroup === undefined) return;
    await using tree = new Child(['/bin/sh', '-c', 'echo up; read line']);
    await tree.line();
    await using sampler = TreeSampler.start(tree.pid, { cgroup });
    const use = await sampler.stop();
    assert.equal(use.source, 'schedstat+ticks');
    assert.deepEqual(use.unreadable, ['cgroup']);
  });

  test('of a harness that was killed is removed when the next is made', (t) => {
    const first = cgroupFor(t, 'first');
    if (first === undefined) return;
    const stale = join(dirname(first.path), 'holdfast-999999999-1-stale');
    mkdirSync(stale);
    t.after(() => existsSync(stale) && rmdirSync(stale));
    assert.notEqual(cgroupFor(t, 'second'), undefined);
    assert.ok(!existsSync(stale));
    assert.ok(existsSync(first.path));
  });

  test('is refused with a reason where none is mounted', () => {
    using kernel = new FakeKernelFiles();
    assert.ok(isUnreadable(CpuCgroup.create('none', kernel.files)));
  });
});

test('a cgroup outside of what is mounted has no folder', () => {
  const mount = { version: 2, mountPoint: '/sys/fs/cgroup', root: '/box', controllers: [] } as const;
  assert.equal(folderOf(mount, '/box/a'), '/sys/fs/cgroup/a');
  assert.equal(folderOf(mount, '/box'), '/sys/fs/cgroup');
  assert.equal(folderOf(mount, '/boxer'), undefined);
  assert.equal(folderOf(mount, '/'), undefined);
  assert.equal(folderOf({ ...mount, root: '/' }, '/'), '/sys/fs/cgroup');
  assert.equal(folderOf({ ...mount, root: '/' }, ''), undefined);
});

test('the tightest limit on the way up counts', () => {
  using kernel = new FakeKernelFiles();
  kernel.write('self/mountinfo', `30 25 0:26 / ${kernel.root}/cg rw - cgroup2 cgroup2 rw\n`);
  kernel.write('self/cgroup', '0::/a/b\n');
  kernel.write('cg/a/cpu.max', '150000 100000\n');
  kernel.write('cg/a/b/cpu.max', 'max 100000\n');
  kernel.write('cg/a/memory.max', '4096\n');
  kernel.write('cg/a/b/memory.max', '8192\n');
  kernel.write('cg/a/b/pids.max', 'max\n');
  assert.deepEqual(cgroupLimits(kernel.files), { cpus: 1.5, memoryBytes: 4096, processes: null });
});

test('version 1 limits are read, and its way of saying none', () => {
  using kernel = new FakeKernelFiles();
  kernel.write('self/mountinfo', `30 25 0:26 / ${kernel.root}/cg rw - cgroup cgroup rw,cpu,memory\n`);
  kernel.write('self/cgroup', '1:cpu,memory:/\n');
  kernel.write('cg/cpu.cfs_quota_us', '50000\n');
  kernel.write('cg/cpu.cfs_period_us', '100000\n');
  kernel.write('cg/memory.limit_in_bytes', '9223372036854771712\n');
  assert.deepEqual(cgroupLimits(kernel.files), { cpus: 0.5, memoryBytes: null, processes: null });
});
