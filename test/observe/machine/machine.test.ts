import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { readEnvironment } from '../../../harness/observe/machine/environment.ts';
import {
  kernelCountersBetween,
  readKernelCounters,
} from '../../../harness/observe/machine/kernel-counters.ts';
import { identityMismatch } from '../../../harness/observe/machine/identity-mismatch.ts';
import { ProcFs } from '../../../harness/observe/proc-fs.ts';
import { observeSelf } from '../../../harness/observe/self/self.ts';
import { FakeKernelFiles } from '../fixtures/fake-kernel-files.ts';
import { eventually } from '../../waiting.ts';

describe('the kernel counters', () => {
  function writeCounters(kernel: FakeKernelFiles, n: number): void {
    kernel.write(
      'net/netstat',
      `TcpExt: SyncookiesSent ListenOverflows ListenDrops TCPSynRetrans\nTcpExt: 9 ${n} ${2 * n} ${3 * n}\n`,
    );
    kernel.write('net/snmp', `Tcp: RtoMin MaxConn RetransSegs\nTcp: 200 -1 ${4 * n}\n`);
    kernel.write('net/sockstat', `TCP: inuse 1 orphan 0 tw ${n} alloc 1 mem 0\n`);
    kernel.write('stat', `cpu  ${10 * n} 0 ${n} 5 5 0 0 ${n} 0 0\nctxt ${100 * n}\n`);
    kernel.write('pressure/cpu', `some avg10=0.00 avg60=0.00 avg300=0.00 total=${7 * n}\n`);
  }

  test('are what happened in between', () => {
    using kernel = new FakeKernelFiles();
    writeCounters(kernel, 10);
    const before = readKernelCounters(kernel.files);
    writeCounters(kernel, 30);
    const after = readKernelCounters(kernel.files);
    const tickMs = before.tickMs;
    assert.deepEqual(kernelCountersBetween(before, after, tickMs * 3e6), {
      listenOverflows: 20,
      listenDrops: 40,
      synRetransmits: 60,
      retransSegs: 80,
      timeWait: 30,
      stealMs: 20 * tickMs,
      cpuPressureUs: 140,
      contextSwitches: 2000,
      foreignCpuMs: 217 * tickMs,
      unreadable: [],
    });
  });

  test('that cannot be read are null and named', () => {
    using kernel = new FakeKernelFiles();
    writeCounters(kernel, 1);
    kernel.remove('pressure');
    kernel.remove('net/netstat');
    const reading = readKernelCounters(kernel.files);
    const counters = kernelCountersBetween(reading, reading, 0);
    assert.deepEqual(counters.unreadable, [
      'listenOverflows',
      'listenDrops',
      'synRetransmits',
      'cpuPressureUs',
    ]);
    assert.equal(counters.cpuPressureUs, null);
    assert.equal(counters.retransSegs, 0);
  });

  test('never blame a stranger for less than nothing', () => {
    using kernel = new FakeKernelFiles();
    writeCounters(kernel, 1);
    const reading = readKernelCounters(kernel.files);
    assert.equal(kernelCountersBetween(reading, reading, 1e9).foreignCpuMs, 0);
  });
});

describe('the environment', () => {
  test('of this machine is plain JSON and agrees with itself', () => {
    const environment = readEnvironment();
    assert.deepEqual(JSON.parse(JSON.stringify(environment)), environment);
    assert.deepEqual(identityMismatch(environment.identity, readEnvironment().identity), []);
    assert.equal(environment.identity.nodeVersion, process.version);
    assert.ok(environment.identity.cpuCount >= 1);
    assert.ok((environment.identity.openFiles?.soft ?? 1) > 0);
  });

  test('differs in what is named, one line a field', () => {
    const { identity } = readEnvironment();
    const other = {
      ...identity,
      kernel: 'another',
      mitigations: { meltdown: 'Vulnerable' },
      openFiles: { soft: 64, hard: null },
    };
    const lines = identityMismatch(
      { ...identity, kernel: 'one', mitigations: {}, openFiles: { soft: 1024, hard: null } },
      other,
    );
    assert.deepEqual(lines, [
      'kernel: "one" against "another"',
      'openFiles.soft: 1024 against 64',
      'mitigations.meltdown: unknown against "Vulnerable"',
    ]);
  });

  test('is full of nulls, not of zeros, where nothing can be read', () => {
    const nowhere = new ProcFs('/nonexistent');
    const { identity, state } = readEnvironment({ proc: nowhere, sys: nowhere });
    assert.equal(identity.somaxconn, null);
    assert.equal(identity.openFiles, null);
    assert.equal(state.memoryAvailableBytes, null);
    assert.deepEqual(state.pressure, { cpu: null, memory: null, io: null });
    assert.equal(state.load, null);
  });

  test('tells numbers as numbers and the chosen one of several words', () => {
    using proc = new FakeKernelFiles();
    using sys = new FakeKernelFiles();
    proc.write('sys/net/core/somaxconn', '4096\n');
    proc.write('sys/net/ipv4/ip_local_port_range', '32768\t60999\n');
    sys.write('kernel/mm/transparent_hugepage/enabled', 'always [madvise] never\n');
    sys.write('devices/system/cpu/vulnerabilities/meltdown', 'Mitigation: PTI\n');
    const { identity } = readEnvironment({ proc: proc.files, sys: sys.files });
    assert.equal(identity.somaxconn, 4096);
    assert.equal(identity.portRange, '32768 60999');
    assert.equal(identity.hugePages, 'madvise');
    assert.deepEqual(identity.mitigations, { meltdown: 'Mitigation: PTI' });
  });
});

describe('observing oneself', () => {
  test('shows a blocked event loop and the CPU time it took', async () => {
    using self = observeSelf(1);
    await setTimeout(5);
    const end = performance.now() + 60;
    while (performance.now() < end);
    // The next timer of the histogram may come before or after ours.
    const use = await eventually('the lateness to be seen', () => {
      const seen = self.read();
      return (seen.loopLatenessMs?.max ?? 0) >= 40 && seen;
    });
    assert.ok(use.threadCpuNs > 0 && use.threadCpuNs <= use.userNs + use.systemNs);
    assert.ok(use.elapsedMs >= 60);
  });
});
