import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TreeSampler, type SamplerOptions } from '../../../harness/observe/sampler/sampler.ts';
import { readKernelUnits } from '../../../harness/observe/machine/kernel-units.ts';
import type { Sample } from '../../../harness/observe/sampler/resource-use.ts';
import { Child } from '../fixtures/child.ts';
import { FakeClock } from '../fixtures/fake-clock.ts';
import { FakeKernelFiles } from '../fixtures/fake-kernel-files.ts';

const { tickNs, pageBytes } = readKernelUnits();

function watch(kernel: FakeKernelFiles, clock: FakeClock, options: SamplerOptions = {}): TreeSampler {
  kernel.write('self/schedstat', '0 0 0\n');
  return TreeSampler.start(10, { proc: kernel.files, clock, ...options });
}

describe('a sampler', () => {
  test('samples at its period until it is stopped, and leaves no timer', async () => {
    using kernel = new FakeKernelFiles();
    const clock = new FakeClock();
    kernel.process(10);
    kernel.thread(10, 10, 0);
    const seen: Sample[] = [];
    const sampler = watch(kernel, clock, { periodMs: 50, onSample: (sample) => seen.push(sample) });
    clock.advance(100);
    await sampler.stop();
    assert.deepEqual(sampler.series.atMs, [0, 50, 100, 100]);
    assert.deepEqual(
      seen.map(({ atMs }) => atMs),
      sampler.series.atMs,
    );
    assert.equal(clock.pendingTimers, 0);
  });

  test('counts CPU time from its start', async () => {
    using kernel = new FakeKernelFiles();
    kernel.process(10, { userTicks: 5 });
    kernel.thread(10, 10, 5 * tickNs);
    await using sampler = watch(kernel, new FakeClock());
    kernel.thread(10, 10, 7 * tickNs);
    assert.equal(sampler.sample().cpuNs, 2 * tickNs);
    assert.deepEqual(sampler.series.cpuNs, [0, 2 * tickNs]);
    assert.equal((await sampler.stop()).cpuNs, 2 * tickNs);
  });

  test('splits CPU time into user and system as the ticks are', async () => {
    using kernel = new FakeKernelFiles();
    kernel.process(10, { userTicks: 100 });
    kernel.thread(10, 10, 100 * tickNs);
    await using sampler = watch(kernel, new FakeClock());
    kernel.process(10, { userTicks: 103, systemTicks: 1 });
    kernel.thread(10, 10, 104 * tickNs);
    const use = await sampler.stop();
    assert.deepEqual([use.cpuNs, use.userNs, use.systemNs], [4 * tickNs, 3 * tickNs, tickNs]);
  });

  test('takes the time that the hypervisor took with every sample, and nothing for what it cannot read', async () => {
    using kernel = new FakeKernelFiles();
    kernel.process(10);
    const steal = (ticks: number): void => kernel.write('stat', `cpu  1 2 3 4 5 6 7 ${ticks} 0 0\ncpu0 1`);
    steal(100);
    await using sampler = watch(kernel, new FakeClock());
    steal(103);
    sampler.sample();
    kernel.remove('stat');
    sampler.sample();
    assert.deepEqual(sampler.series.stealMs, [0, (3 * tickNs) / 1e6, null]);
  });

  test('follows processes and threads that come and go, and keeps their peaks', async () => {
    using kernel = new FakeKernelFiles();
    kernel.loadAverage(10);
    kernel.process(10, { rssPages: 100 });
    kernel.thread(10, 10, 0);
    await using sampler = watch(kernel, new FakeClock());
    kernel.process(11, { parentPid: 10, threads: 3, startTicks: 200, rssPages: 50 });
    for (const tid of [11, 12, 13]) kernel.thread(11, tid, 1e6);
    kernel.loadAverage(13);
    assert.deepEqual(sampler.sample(), {
      ...sampler.sample(),
      processes: 2,
      threads: 4,
      rssBytes: 150 * pageBytes,
    });
    kernel.remove('11');
    const use = await sampler.stop();
    assert.equal(use.baselineRssBytes, 100 * pageBytes);
    assert.equal(use.peakRssBytes, 150 * pageBytes);
    assert.equal(use.peakThreads, 4);
    assert.equal(use.peakProcesses, 2);
    assert.equal(use.cpuNs, 3e6, 'what the child used stays counted');
    assert.deepEqual(sampler.series.processes.at(-1), 1);
  });

  test('does not take a stranger with a member’s number for the member', async () => {
    using kernel = new FakeKernelFiles();
    kernel.loadAverage(11);
    kernel.process(10);
    kernel.thread(10, 10, 0);
    kernel.process(11, { parentPid: 10, startTicks: 200 });
    kernel.thread(11, 11, 1e6);
    await using sampler = watch(kernel, new FakeClock());
    kernel.process(11, { parentPid: 1, startTicks: 900 });
    kernel.thread(11, 11, 9e9);
    assert.equal(sampler.sample().processes, 1);
    assert.equal((await sampler.stop()).cpuNs, 0);
  });

  test('examines numbers again once the kernel begins to reuse them', () => {
    using kernel = new FakeKernelFiles();
    kernel.loadAverage(32_000);
    kernel.process(10);
    kernel.thread(10, 10, 0);
    kernel.process(400, { parentPid: 1 });
    const sampler = watch(kernel, new FakeClock());
    kernel.process(400, { parentPid: 10, startTicks: 300 });
    kernel.loadAverage(400);
    assert.equal(sampler.sample().processes, 2);
  });

  test('adds up context switches by thread', async () => {
    using kernel = new FakeKernelFiles();
    kernel.process(10, { threads: 2 });
    kernel.thread(10, 10, 0, 100, 10);
    kernel.thread(10, 11, 0, 1, 2);
    await using sampler = watch(kernel, new FakeClock());
    kernel.thread(10, 10, 9000, 105, 10);
    kernel.thread(10, 11, 1000, 2, 5);
    const use = await sampler.stop();
    assert.deepEqual([use.voluntarySwitches, use.involuntarySwitches], [6, 3]);
  });

  test('says that a kernel has no schedstat and goes by ticks', async () => {
    using kernel = new FakeKernelFiles();
    kernel.process(10);
    await using sampler = TreeSampler.start(10, { proc: kernel.files, clock: new FakeClock() });
    kernel.process(10, { userTicks: 2, systemTicks: 1 });
    const use = await sampler.stop();
    assert.equal(use.cpuNs, 3 * tickNs);
    assert.deepEqual(use.unreadable, ['schedstat']);
  });

  test('is not misled by what a process calls itself', async () => {
    using kernel = new FakeKernelFiles();
    kernel.loadAverage(10);
    kernel.process(10, { name: 'a) R 1 (\n\xff' });
    kernel.thread(10, 10, 0);
    await using sampler = watch(kernel, new FakeClock());
    kernel.process(11, { name: ') S 1 11', parentPid: 10, startTicks: 200, rssPages: 5 });
    kernel.thread(11, 11, 1e6);
    kernel.loadAverage(11);
    const sample = sampler.sample();
    assert.deepEqual([sample.processes, sample.threads, sample.cpuNs], [2, 2, 1e6]);
    assert.equal(sample.rssBytes, 15 * pageBytes);
  });

  test('keeps what a process had that vanishes while it is read', async () => {
    using kernel = new FakeKernelFiles();
    kernel.process(10, { threads: 2 });
    kernel.thread(10, 10, 1e6);
    kernel.thread(10, 11, 1e6);
    await using sampler = watch(kernel, new FakeClock());
    kernel.thread(10, 10, 3e6);
    sampler.sample();
    // Its threads are gone already, and its own line is not.
    kernel.remove('10/task');
    assert.equal(sampler.sample().cpuNs, 2e6);
    kernel.remove('10/stat');
    const use = await sampler.stop();
    assert.deepEqual([use.cpuNs, sampler.series.processes.at(-1)], [2e6, 0]);
  });

  test('sees nothing, rather than failing, of a server that is gone', async () => {
    using kernel = new FakeKernelFiles();
    await using sampler = watch(kernel, new FakeClock());
    const use = await sampler.stop();
    assert.deepEqual([use.peakProcesses, use.cpuNs, use.peakRssBytes], [0, 0, 0]);
  });

  test('gives the same answer when it is stopped twice', async () => {
    using kernel = new FakeKernelFiles();
    kernel.process(10);
    await using sampler = watch(kernel, new FakeClock());
    assert.equal(await sampler.stop(), await sampler.stop());
    assert.equal(sampler.series.atMs.length, 2);
  });
});

describe('the hold', () => {
  test('takes RSS, PSS and open files of a real tree', async () => {
    await using tree = new Child(['/bin/sh', '-c', 'sleep 1000 & echo up; read line']);
    await tree.line();
    await using sampler = TreeSampler.start(tree.pid);
    await sampler.readHold();
    const use = await sampler.stop();
    assert.ok(use.holdRssBytes !== null && use.holdRssBytes > 0);
    assert.ok(use.holdPssBytes !== null && use.holdPssBytes > 0);
    // stdin, stdout and stderr of both.
    assert.ok(use.peakFds !== null && use.peakFds >= 6, `${use.peakFds} files`);
  });

  test('is null, not zero, for what cannot be read, and says so', async () => {
    using kernel = new FakeKernelFiles();
    kernel.process(10);
    await using sampler = watch(kernel, new FakeClock());
    await sampler.readHold();
    const use = await sampler.stop();
    assert.equal(use.holdRssBytes, 10 * pageBytes);
    assert.equal(use.holdPssBytes, null);
    assert.equal(use.peakFds, null);
    assert.deepEqual(use.unreadable, ['smaps_rollup', 'fd']);
  });

  test('leaves out processes that have ended but were not waited for', async () => {
    using kernel = new FakeKernelFiles();
    kernel.process(10);
    kernel.write('10/smaps_rollup', 'Rss: 9 kB\nPss: 5 kB\n');
    kernel.write('10/fd/0', '');
    kernel.process(11, { parentPid: 10, state: 'Z', startTicks: 200 });
    await using sampler = watch(kernel, new FakeClock());
    await sampler.readHold();
    assert.equal((await sampler.stop()).holdPssBytes, 5120);
  });

  test('is null when it was not asked for', async () => {
    using kernel = new FakeKernelFiles();
    kernel.process(10);
    await using sampler = watch(kernel, new FakeClock());
    const use = await sampler.stop();
    assert.deepEqual([use.holdRssBytes, use.holdPssBytes, use.peakFds], [null, null, null]);
  });
});
