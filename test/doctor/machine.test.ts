import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Finding, Status } from '../../harness/doctor/finding.ts';
import { observeActivity } from '../../harness/doctor/activity.ts';
import { MACHINE_CHECKS } from '../../harness/doctor/examine.ts';
import type { MachineFacts } from '../../harness/doctor/facts.ts';
import type { EnvironmentIdentity, EnvironmentState } from '../../harness/results/schema/run.ts';
import { EXAMPLE_ENVIRONMENT } from '../observe/environment-fixture.ts';

/** A machine that nothing is wrong with. */
const HEALTHY: MachineFacts = {
  environment: EXAMPLE_ENVIRONMENT,
  activity: { foreignCpus: 0.02, stealShare: 0, busiest: [] },
  timeWait: 100,
  cgroup: true,
  compiler: 'cc 14.2.0',
  nativeServers: true,
  pinnedNode: '24.21.0',
  clockReadNs: 40,
};

const identity = (parts: Partial<EnvironmentIdentity>): Partial<MachineFacts> => ({
  environment: { ...EXAMPLE_ENVIRONMENT, identity: { ...EXAMPLE_ENVIRONMENT.identity, ...parts } },
});
const state = (parts: Partial<EnvironmentState>): Partial<MachineFacts> => ({
  environment: { ...EXAMPLE_ENVIRONMENT, state: { ...EXAMPLE_ENVIRONMENT.state, ...parts } },
});

function examined(parts: Partial<MachineFacts>): Finding[] {
  return MACHINE_CHECKS.map((check) => check({ ...HEALTHY, ...parts }));
}

const quiet = { foreignCpus: 0, stealShare: 0, busiest: [] };
const busy = [{ pid: 12, name: 'compiler', cpus: 0.9 }];

const CASES: readonly (readonly [id: string, what: string, parts: Partial<MachineFacts>, status: Status])[] =
  [
    ['cores', 'a single core', identity({ cpuCount: 1 }), 'warn'],
    [
      'cores',
      'a container with less than two cores',
      identity({ cgroupLimits: { cpus: 1.5, memoryBytes: null, processes: null } }),
      'warn',
    ],
    ['open-files', '1,024 files', identity({ openFiles: { soft: 1024, hard: 1024 } }), 'warn'],
    ['open-files', '256 files', identity({ openFiles: { soft: 256, hard: 256 } }), 'fail'],
    ['open-files', 'no limit of files', identity({ openFiles: { soft: null, hard: null } }), 'ok'],
    ['ports', 'few ports', identity({ portRange: '40000 44999' }), 'warn'],
    ['ports', 'next to no ports', identity({ portRange: '40000 40099' }), 'fail'],
    ['ports', 'ports that rest in TIME_WAIT', { timeWait: 20_000 }, 'warn'],
    ['accept-queue', 'a short accept queue', identity({ somaxconn: 128 }), 'warn'],
    ['accept-queue', 'an accept queue that is not told', identity({ somaxconn: null }), 'ok'],
    [
      'syn-backlog',
      'a short SYN backlog without cookies',
      identity({ tcp: { tcp_max_syn_backlog: 128, tcp_syncookies: 0 } }),
      'warn',
    ],
    [
      'syn-backlog',
      'a short SYN backlog with cookies',
      identity({ tcp: { tcp_max_syn_backlog: 128, tcp_syncookies: 1 } }),
      'ok',
    ],
    ['memory', 'little memory', state({ memoryAvailableBytes: 500e6 }), 'warn'],
    ['memory', 'next to no memory', state({ memoryAvailableBytes: 100e6 }), 'fail'],
    ['memory', 'memory that is not told', state({ memoryAvailableBytes: null }), 'ok'],
    ['governor', 'a governor that saves power', state({ governor: 'powersave' }), 'warn'],
    ['governor', 'the governor for speed', state({ governor: 'performance' }), 'ok'],
    ['clock', 'a slow clock', { clockReadNs: 1200 }, 'warn'],
    ['steal', 'some steal', { activity: { ...quiet, stealShare: 0.03 } }, 'warn'],
    ['steal', 'much steal', { activity: { ...quiet, stealShare: 0.3 } }, 'fail'],
    ['pressure', 'pressure on the CPU', state({ pressure: { cpu: 40, memory: 0, io: null } }), 'warn'],
    [
      'pressure',
      'a kernel without pressure stall information',
      state({ pressure: { cpu: null, memory: null, io: null } }),
      'ok',
    ],
    ['load-average', 'a busy last minute', state({ load: [3, 1, 1] }), 'warn'],
    [
      'foreign-processes',
      'a busy neighbour',
      { activity: { ...quiet, foreignCpus: 0.9, busiest: busy } },
      'warn',
    ],
    [
      'foreign-processes',
      'busy neighbours',
      { activity: { ...quiet, foreignCpus: 1.8, busiest: busy } },
      'fail',
    ],
    ['foreign-processes', 'activity that is not told', { activity: { ...quiet, foreignCpus: null } }, 'ok'],
    ['cgroup', 'no right to make a cgroup', { cgroup: false }, 'ok'],
    ['compiler', 'servers in C that are not built', { nativeServers: false }, 'ok'],
    ['compiler', 'no servers in C and no compiler', { nativeServers: false, compiler: null }, 'warn'],
    ['node', 'another Node than the pinned one', { pinnedNode: '24.22.0' }, 'warn'],
    ['node', 'a Node that is too old', identity({ nodeVersion: 'v22.1.0' }), 'fail'],
  ];

describe('the checks of the machine', () => {
  it('find nothing wrong with a healthy machine, and give no advice', () => {
    const wrong = examined({}).filter(({ status, advice }) => status !== 'ok' || advice !== null);
    assert.deepEqual(wrong, []);
  });

  for (const [id, what, parts, status] of CASES) {
    it(`${id}: ${what} is ${status}, and nothing else is`, () => {
      const findings = examined(parts);
      assert.equal(findings.find((finding) => finding.id === id)?.status, status);
      for (const finding of findings) {
        if (finding.id !== id) assert.equal(finding.status, 'ok', finding.id);
        if (finding.status !== 'ok') assert.ok(finding.advice, 'what is wrong comes with advice');
        assert.doesNotMatch(`${finding.figure} ${finding.message}`, /NaN|undefined|null|Infinity/);
      }
    });
  }

  it('name the busiest processes', () => {
    const [found] = examined({ activity: { ...quiet, foreignCpus: 1, busiest: busy } }).filter(
      ({ id }) => id === 'foreign-processes',
    );
    assert.match(found?.message ?? '', /compiler \(pid 12, 90 % of a core\)/);
  });
});

describe('a look at what runs', () => {
  it('gives shares of CPU time without this process itself', async () => {
    const { foreignCpus, stealShare, busiest } = await observeActivity(100, new AbortController().signal);
    assert.ok(foreignCpus === null || foreignCpus >= 0);
    assert.ok(stealShare === null || (stealShare >= 0 && stealShare <= 1.1));
    assert.ok(busiest.length <= 3);
    assert.ok(busiest.every(({ pid }) => pid !== process.pid));
  });

  it('ends when it is told to', async () => {
    await assert.rejects(observeActivity(60_000, AbortSignal.abort()), { name: 'AbortError' });
  });
});
