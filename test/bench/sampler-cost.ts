/**
 * What sampling a process tree costs: `node test/bench/sampler-cost.ts [processes] [seconds]` (500 and 5 unless told).
 *
 * Starts a tree of that many processes, first idle, then each waking 20 times a second, and prints the sampler's CPU
 * time per sample (detail readings and the timer included) and as a share of one core. The share must stay below 1 %:
 * the period is doubled until it does. Then it reads PSS of the tree once, and prints what that costs.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { CpuCgroup } from '../../harness/observe/cpu/cgroup.ts';
import { threadCpuNs } from '../../harness/observe/self/self.ts';
import { TreeSampler } from '../../harness/observe/sampler/sampler.ts';
import { isUnreadable } from '../../harness/observe/unreadable.ts';

const processes = Number(process.argv[2] ?? 500);
const seconds = Number(process.argv[3] ?? 5);

function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const scripts = {
  idle: `i=1; while [ $i -lt ${processes} ]; do sleep 1000 & i=$((i+1)); done; echo up; wait`,
  // A sleep is a process of its own: `read -t` of bash waits without one.
  awake: `exec 3<> <(:); i=1; while [ $i -lt ${processes} ]; do (while :; do read -t 0.05 -u 3; done) & i=$((i+1)); done; echo up; wait`,
};

for (const [kind, script] of Object.entries(scripts)) {
  for (const source of ['schedstat+ticks', 'cgroup']) {
    const cgroup = source === 'cgroup' ? CpuCgroup.create('cost') : undefined;
    if (isUnreadable(cgroup)) {
      console.log(`${kind}, cgroup: not available here`);
      continue;
    }
    const [command, ...words] = [...(cgroup?.launcher ?? []), 'bash', '-c', script];
    const tree = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    const exited = once(tree, 'exit');
    try {
      await once(tree.stdout, 'data');
      await using sampler = TreeSampler.start(tree.pid ?? 0, cgroup === undefined ? {} : { cgroup });
      // Until the period has settled: the first sample opens the files of every process.
      await sleep(2000);
      const before = { ns: threadCpuNs(), samples: sampler.series.atMs.length };
      await sleep(seconds * 1000);
      const costMs = (threadCpuNs() - before.ns) / 1e6;
      const samples = sampler.series.atMs.length - before.samples;
      const beforePssMs = processCpuMs();
      await sampler.readReady();
      const pssMs = processCpuMs() - beforePssMs;
      const use = await sampler.stop();
      console.log(
        `${kind}, ${use.source}: ${use.peakProcesses} processes, a sample every ${use.periodMs} ms, ` +
          `${(costMs / samples).toFixed(2)} ms each with details, ${(costMs / seconds / 10).toFixed(2)} % of a core; ` +
          `PSS once ${pssMs.toFixed(1)} ms; the tree itself ${(use.cpuNs / (seconds + 2) / 1e7).toFixed(1)} %`,
      );
    } finally {
      if (tree.pid !== undefined) process.kill(-tree.pid, 'SIGKILL');
      await exited;
      for (let tries = 0; cgroup?.remove() === false && tries < 100; tries++) await sleep(10);
    }
  }
}
