/** The sampler against trees that know what they used: the claim of docs/method/observation.md. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { CpuCgroup } from '../../../harness/observe/cpu/cgroup.ts';
import { TreeSampler } from '../../../harness/observe/sampler/sampler.ts';
import { SERVER_MARK } from '../../../harness/observe/tree/tree.ts';
import { isUnreadable } from '../../../harness/observe/unreadable.ts';
import type { ResourceUse } from '../../../harness/results/schema/trial.ts';
import { Child } from '../fixtures/child.ts';
import { eventually } from '../../waiting.ts';

const ORPHANS = fileURLToPath(new URL('../fixtures/orphans.c', import.meta.url));
const BURNING_TREE = fileURLToPath(new URL('../fixtures/burning-tree.ts', import.meta.url));

interface Burned {
  readonly ownNs: number;
  readonly childrenNs: number;
}

/** Measures one tree by its processes alone and, where there is a cgroup, at the same time by that. */
async function measureBurningTree(cgroup: CpuCgroup | undefined) {
  await using tree = new Child([...(cgroup?.launcher ?? []), process.execPath, BURNING_TREE]);
  await tree.line();
  await using byProcesses = TreeSampler.start(tree.pid);
  await using byCgroup = cgroup && TreeSampler.start(tree.pid, { cgroup });
  tree.say('burn');
  const burned = JSON.parse(await tree.line()) as Burned;
  return {
    burnedNs: burned.ownNs + burned.childrenNs,
    byProcesses: await byProcesses.stop(),
    byCgroup: await byCgroup?.stop(),
  };
}

function deviation(measured: number, truth: number): number {
  return Math.abs(measured / truth - 1);
}

test('a tree of 200 short-lived children, 50 threads and grandchildren is measured within 2 %', async (t) => {
  const cgroup = CpuCgroup.create('truth');
  const hasCgroup = !isUnreadable(cgroup);
  using _ = hasCgroup ? cgroup : undefined;
  const { burnedNs, byProcesses, byCgroup } = await measureBurningTree(hasCgroup ? cgroup : undefined);

  await t.test('from its processes alone', () => {
    assert.equal(byProcesses.source, 'schedstat+ticks');
    assert.ok(deviation(byProcesses.cpuNs, burnedNs) < 0.02, `${byProcesses.cpuNs} of ${burnedNs} ns`);
    assert.equal(byProcesses.userNs + byProcesses.systemNs, byProcesses.cpuNs);
    assert.deepEqual(byProcesses.unreadable, []);
  });

  await t.test('by its cgroup, and the cross-check agrees', (it) => {
    if (byCgroup === undefined) return it.skip('no cgroup can be made here');
    assert.equal(byCgroup.source, 'cgroup');
    assert.ok(deviation(byCgroup.cpuNs, burnedNs) < 0.02, `${byCgroup.cpuNs} of ${burnedNs} ns`);
    const { cpuCrossCheckNs } = byCgroup;
    assert.ok(cpuCrossCheckNs !== null && deviation(cpuCrossCheckNs, byCgroup.cpuNs) < 0.02);
  });
});

test('what orphans in sessions of their own used is counted, or said to be missing', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-orphans-'));
  using _ = { [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
  const program = join(folder, 'orphans');
  const { failed } = await execa('cc', ['-O1', '-o', program, ORPHANS], { reject: false });
  if (failed) return t.skip('no C compiler');
  const mark = `orphans-${process.pid}`;
  await using tree = new Child([program, '20', '40'], { [SERVER_MARK]: mark });
  await tree.line();
  await using sampler = TreeSampler.start(tree.pid, { mark });
  tree.say('burn');
  await tree.line();
  await eventually('every orphan to be waited for', () => sampler.sample().processes === 1);
  const { cpuNs, cpuMissingNs } = await sampler.stop();
  const truth = 20 * 40e6;
  assert.ok(cpuNs < 1.05 * truth, `${cpuNs} of ${truth} ns`);
  assert.ok(cpuNs + cpuMissingNs > 0.95 * truth, `${cpuNs} and at most ${cpuMissingNs} more, of ${truth} ns`);
});

test('an idle tree is measured as idle: at most 1 ms of CPU time in a second', async () => {
  const script = 'for i in 1 2 3 4 5 6 7 8; do sleep 1000 & done; echo up; wait';
  await using tree = new Child(['/bin/sh', '-c', script]);
  await tree.line();
  const useIn = async (ms: number): Promise<ResourceUse> => {
    await using sampler = TreeSampler.start(tree.pid);
    await setTimeout(ms);
    return sampler.stop();
  };
  await eventually('every sleep to have started', async () => (await useIn(100)).cpuNs === 0);
  const use = await useIn(1000);
  assert.ok(use.cpuNs <= 1e6, `${use.cpuNs} ns`);
  assert.equal(use.peakProcesses, 9);
  assert.equal(use.peakThreads, 9);
});
