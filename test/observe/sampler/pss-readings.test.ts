import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { PssReadings } from '../../../harness/observe/sampler/pss-readings.ts';
import { eventually } from '../../waiting.ts';
import { FakeKernelFiles } from '../fixtures/fake-kernel-files.ts';

const KIB = 1024;

/** A tree of one process whose PSS is half of its RSS; each reading costs so much. */
function treeThatCosts(kernel: FakeKernelFiles, costMs: number) {
  let nowMs = 0;
  let asked = 0;
  // Asked before and after each reading.
  const readings = new PssReadings(
    kernel.files,
    () => nowMs,
    () => Math.ceil(asked++ / 2) * costMs,
  );
  return {
    readings,
    at: (ms: number) => (nowMs = ms),
    grownTo: (kib: number) => {
      kernel.process(10);
      kernel.write('10/smaps_rollup', `Rss: ${kib} kB\nPss: ${kib / 2} kB\n`);
      return { pids: [10], rssBytes: kib * KIB };
    },
  };
}

describe('readings of PSS', () => {
  test('are made again when the tree has grown, and the largest is kept', async () => {
    using kernel = new FakeKernelFiles();
    const { readings, grownTo } = treeThatCosts(kernel, 0.1);
    await readings.readReady(grownTo(1000));
    readings.offer(grownTo(1040));
    readings.offer(grownTo(2000));
    await eventually('the reading', () => readings.use.pssReadings === 2);
    await readings.readLast(grownTo(1500));
    assert.deepEqual(readings.use, {
      readyPssBytes: 500 * KIB,
      peakPssBytes: 1000 * KIB,
      pssReadings: 3,
      pssReadAtRssBytes: 2000 * KIB,
    });
  });

  test('cost at most 2 ms in a short load and 1 % of a core in a long one, but for the last', async () => {
    using kernel = new FakeKernelFiles();
    const { readings, at, grownTo } = treeThatCosts(kernel, 5);
    await readings.readReady(grownTo(1000));
    at(200);
    readings.offer(grownTo(2000));
    assert.equal(readings.use.pssReadings, 1, 'the peak of a short load is missed');
    at(510);
    readings.offer(grownTo(2000));
    await eventually('a reading that the load can bear', () => readings.use.pssReadings === 2);
    readings.offer(grownTo(3000));
    assert.equal(readings.use.pssReadings, 2);
    await readings.readLast(grownTo(1000));
    assert.equal(readings.use.pssReadings, 3);
    assert.equal(readings.use.pssReadAtRssBytes, 2000 * KIB);
  });

  test('are given up where the last one is kept waiting by the server', async () => {
    using kernel = new FakeKernelFiles();
    const { readings, grownTo } = treeThatCosts(kernel, 0);
    await readings.readReady(grownTo(1000));
    const path = `${kernel.files.root}/10/smaps_rollup`;
    rmSync(path);
    execFileSync('mkfifo', [path]);
    await readings.readLast({ pids: [10], rssBytes: 3000 * KIB });
    assert.equal(readings.use.pssReadings, 1);
    assert.equal(readings.use.pssReadAtRssBytes, 1000 * KIB);
    // Lets the reading end, which waits for a writer.
    await writeFile(path, '');
  });

  test('are not made of themselves before one was asked for', async () => {
    using kernel = new FakeKernelFiles();
    const { readings, grownTo } = treeThatCosts(kernel, 0);
    readings.offer(grownTo(1000));
    await readings.readLast(grownTo(1000));
    assert.equal(readings.use.pssReadings, 0);
    assert.equal(readings.use.peakPssBytes, null);
  });
});
