/** The sampler against trees that know what they used: the claim of docs/method/observation.md. */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { CpuCgroup } from '../../harness/observe/cpu/cgroup.ts';
import { TreeSampler } from '../../harness/observe/sampler/sampler.ts';
import { isUnreadable } from '../../harness/observe/unreadable.ts';
import type { ResourceUse } from '../../harness/results/schema/observation.ts';
import { Child } from './fixtures/child.ts';
import { eventually } from '../waiting.ts';

const BURNING_TREE = fileURLToPath(new URL('fixtures/burning-tree.ts', import.meta.url));

interface Burned {
  readonly ownNs: number;
  readonly childrenNs: number;
}

async function measureBurningTree(cgroup?: CpuCgroup): Promise<{ burnedNs: number; use: ResourceUse }> {
  await using tree = new Child([...(cgroup?.launcher ?? []), process.execPath, BURNING_TREE]);
  await tree.line();
  await using sampler = TreeSampler.start(tree.pid, cgroup === undefined ? {} : { cgroup });
  tree.say('burn');
  const burned = JSON.parse(await tree.line()) as Burned;
  return { burnedNs: burned.ownNs + burned.childrenNs, use: await sampler.stop() };
}

function deviation(measured: number, truth: number): number {
  return Math.abs(measured / truth - 1);
}

describe('a tree of 200 short-lived children, 50 threads and grandchildren', () => {
  test('is measured within 2 % from its processes alone', async () => {
    const { burnedNs, use } = await measureBurningTree();
    assert.equal(use.source, 'schedstat+ticks');
    assert.ok(deviation(use.cpuNs, burnedNs) < 0.02, `${use.cpuNs} ns measured, ${burnedNs} ns burned`);
    assert.equal(use.userNs + use.systemNs, use.cpuNs);
    assert.deepEqual(use.unreadable, []);
  });

  test('is measured within 2 % by its cgroup, and the cross-check agrees', async (t) => {
    const cgroup = CpuCgroup.create('truth');
    if (isUnreadable(cgroup)) return t.skip('no cgroup can be made here');
    using _ = cgroup;
    const { burnedNs, use } = await measureBurningTree(cgroup);
    assert.equal(use.source, 'cgroup');
    assert.ok(deviation(use.cpuNs, burnedNs) < 0.02, `${use.cpuNs} ns measured, ${burnedNs} ns burned`);
    assert.ok(use.cpuCrossCheckNs !== null && deviation(use.cpuCrossCheckNs, use.cpuNs) < 0.02);
  });
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
