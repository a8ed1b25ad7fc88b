import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../../property.ts';
import { CpuLedger, type ProcessReading } from '../../../harness/observe/cpu/cpu-ledger.ts';

const TICK_NS = 1e7;

interface SimulatedProcess {
  readonly pid: number;
  readonly startTicks: number;
  parent: SimulatedProcess | undefined;
  readonly threadNs: Map<number, number>;
  endedThreadsNs: number;
  reapedNs: number;
  /** Children that it waited for. */
  waits: number;
}

/** A kernel that keeps accounts as Linux does, and knows the truth. */
class SimulatedKernel {
  readonly root: SimulatedProcess;
  readonly processes = new Map<number, SimulatedProcess>();
  usedNs = 0;
  /** What orphans had used that the root adopted. */
  adoptedNs = 0;
  #nextPid = 100;
  #now = 0;

  readonly #rootAdopts: boolean;

  /** @param rootAdopts whether orphans become children of the root (prctl PR_SET_CHILD_SUBREAPER) or of init */
  constructor(rootAdopts = false) {
    this.#rootAdopts = rootAdopts;
    this.root = this.fork(undefined);
  }

  /** The `choice`-th live process, counted in a circle. */
  pick(choice: number): SimulatedProcess {
    return [...this.processes.values()][choice % this.processes.size] ?? this.root;
  }

  fork(parent: SimulatedProcess | undefined): SimulatedProcess {
    const pid = this.#nextPid++;
    const threadNs = new Map([[pid, 0]]);
    const child = {
      pid,
      startTicks: this.#now++,
      parent,
      threadNs,
      endedThreadsNs: 0,
      reapedNs: 0,
      waits: 0,
    };
    this.processes.set(pid, child);
    return child;
  }

  startThread(process: SimulatedProcess): void {
    process.threadNs.set(this.#nextPid++, 0);
  }

  run(process: SimulatedProcess, choice: number, ns: number): void {
    const tid = [...process.threadNs.keys()][choice % process.threadNs.size] ?? process.pid;
    process.threadNs.set(tid, (process.threadNs.get(tid) ?? 0) + ns);
    this.usedNs += ns;
  }

  endThread(process: SimulatedProcess, choice: number): void {
    const tids = [...process.threadNs.keys()].slice(1);
    const tid = tids[choice % Math.max(1, tids.length)];
    if (tid === undefined) return;
    process.endedThreadsNs += process.threadNs.get(tid) ?? 0;
    process.threadNs.delete(tid);
  }

  /** Ends a process and its children first, if `childrenToo`; otherwise its children lose their parent. */
  exit(process: SimulatedProcess, waitedFor: boolean, childrenToo: boolean): void {
    if (process === this.root) return;
    for (const child of this.processes.values()) {
      if (child.parent !== process) continue;
      if (childrenToo) this.exit(child, true, true);
      else this.#orphan(child);
    }
    this.processes.delete(process.pid);
    if (!waitedFor || !process.parent) return;
    process.parent.reapedNs += ownNs(process) + process.reapedNs;
    process.parent.waits += 1;
  }

  #orphan(child: SimulatedProcess): void {
    child.parent = this.#rootAdopts ? this.root : undefined;
    if (this.#rootAdopts) this.adoptedNs += ownNs(child) + child.reapedNs;
  }

  readings(): ProcessReading[] {
    return [...this.processes.values()].map((process) => ({
      pid: process.pid,
      startTicks: process.startTicks,
      parentPid: process.parent?.pid ?? 1,
      ticksNs: inTicks(ownNs(process)),
      childTicksNs: inTicks(process.reapedNs),
      childFaults: 50 * process.waits,
      threadNs: new Map(process.threadNs),
    }));
  }
}

/** A ledger that is given everything each time, and finds out who has ended. */
class WholeLedger {
  readonly #ledger = new CpuLedger();
  #known: ReadonlySet<number> = new Set();

  update(readings: readonly ProcessReading[]): number {
    const present = new Set(readings.map(({ pid }) => pid));
    const ended = [...this.#known].filter((pid) => !present.has(pid));
    this.#known = present;
    return this.#ledger.update(readings, ended);
  }

  get roundedNs(): number {
    return this.#ledger.roundedNs(TICK_NS);
  }
}

function ownNs(process: SimulatedProcess): number {
  return [...process.threadNs.values()].reduce((sum, ns) => sum + ns, process.endedThreadsNs);
}

/** User and system time, each rounded down to a tick. */
function inTicks(ns: number): number {
  const user = Math.floor((ns * 0.7) / TICK_NS);
  const system = Math.floor((ns * 0.3) / TICK_NS);
  return (user + system) * TICK_NS;
}

const HISTORY = { minLength: 20, maxLength: 150, size: 'max' } as const;
const choice = fc.nat(1000);
const used = fc.oneof(fc.nat(2 * TICK_NS), fc.nat(50 * TICK_NS));
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('run'), who: choice, thread: choice, ns: used }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('fork', 'start-thread', 'end-thread', 'sample'),
      who: choice,
      thread: choice,
      ns: used,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('exit', 'exit-unwaited', 'orphan'),
      who: choice,
      thread: choice,
      ns: used,
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function apply(kernel: SimulatedKernel, { kind, who, thread, ns }: Step): void {
  const process = kernel.pick(who);
  if (kind === 'run') kernel.run(process, thread, ns);
  if (kind === 'fork') kernel.run(kernel.fork(process), 0, ns);
  if (kind === 'start-thread') kernel.startThread(process);
  if (kind === 'end-thread') kernel.endThread(process, thread);
  if (kind === 'exit') kernel.exit(process, true, true);
  if (kind === 'exit-unwaited') kernel.exit(process, false, true);
  if (kind === 'orphan') kernel.exit(process, true, false);
}

test('the estimate never exceeds what was used and never falls, whatever lives and dies', () => {
  fc.assert(
    fc.property(fc.array(step, HISTORY), fc.boolean(), (steps, rootAdopts) => {
      const kernel = new SimulatedKernel(rootAdopts);
      const ledger = new WholeLedger();
      let last = 0;
      for (const one of steps) {
        apply(kernel, one);
        if (one.kind !== 'sample') continue;
        const estimate = ledger.update(kernel.readings());
        assert.ok(estimate >= last, `${estimate} after ${last}`);
        assert.ok(estimate <= kernel.usedNs + kernel.adoptedNs, `${estimate} of ${kernel.usedNs}`);
        last = estimate;
      }
    }),
    { numRuns: 500 },
  );
});

test('where children are waited for, less than four ticks a live process are missing, and never more than is said', () => {
  fc.assert(
    fc.property(fc.array(step, HISTORY), (steps) => {
      const kernel = new SimulatedKernel();
      const ledger = new WholeLedger();
      ledger.update(kernel.readings());
      for (const one of steps) {
        if (one.kind === 'exit-unwaited' || one.kind === 'orphan') continue;
        // A thread that came and went between two looks left no trace but its ticks.
        if (one.kind === 'end-thread') ledger.update(kernel.readings());
        apply(kernel, one);
        if (one.kind === 'sample') ledger.update(kernel.readings());
      }
      const missingNs = kernel.usedNs - ledger.update(kernel.readings());
      assert.ok(missingNs < 4 * TICK_NS * kernel.processes.size, `${missingNs} ns missing`);
      assert.ok(missingNs <= ledger.roundedNs, `${missingNs} ns missing, ${ledger.roundedNs} said`);
    }),
    { numRuns: 500 },
  );
});

describe('the ledger', () => {
  test('is exact to the nanosecond while nothing ends', () => {
    fc.assert(
      fc.property(fc.array(step, HISTORY), (steps) => {
        const kernel = new SimulatedKernel();
        const ledger = new WholeLedger();
        for (const one of steps) if (['run', 'fork', 'start-thread'].includes(one.kind)) apply(kernel, one);
        assert.equal(ledger.update(kernel.readings()), kernel.usedNs);
      }),
    );
  });

  test('counts a child that was watched and then waited for once', () => {
    const kernel = new SimulatedKernel();
    const ledger = new WholeLedger();
    const child = kernel.fork(kernel.root);
    kernel.run(child, 0, 30 * TICK_NS);
    ledger.update(kernel.readings());
    kernel.exit(child, true, true);
    assert.equal(ledger.update(kernel.readings()), 30 * TICK_NS);
  });

  test('counts children that were born and died between two samples', () => {
    const kernel = new SimulatedKernel();
    const ledger = new WholeLedger();
    ledger.update(kernel.readings());
    for (let births = 0; births < 200; births++) {
      const child = kernel.fork(kernel.root);
      kernel.run(child, 0, TICK_NS / 2);
      kernel.exit(child, true, true);
    }
    assert.ok(kernel.usedNs - ledger.update(kernel.readings()) < 2 * TICK_NS);
  });

  test('counts threads that were born and died between two samples', () => {
    const kernel = new SimulatedKernel();
    const ledger = new WholeLedger();
    ledger.update(kernel.readings());
    for (let births = 0; births < 50; births++) {
      kernel.startThread(kernel.root);
      kernel.run(kernel.root, 1, TICK_NS / 2);
      kernel.endThread(kernel.root, 0);
    }
    assert.ok(kernel.usedNs - ledger.update(kernel.readings()) < 2 * TICK_NS);
  });

  test('keeps what a child had that nobody waited for', () => {
    const kernel = new SimulatedKernel();
    const ledger = new WholeLedger();
    const child = kernel.fork(kernel.root);
    kernel.run(child, 0, 12_345_678);
    ledger.update(kernel.readings());
    kernel.exit(child, false, true);
    kernel.run(kernel.root, 0, 1000);
    assert.equal(ledger.update(kernel.readings()), 12_346_678);
  });

  test('counts an orphan once that another member adopts and waits for', () => {
    const kernel = new SimulatedKernel(true);
    const ledger = new WholeLedger();
    const child = kernel.fork(kernel.root);
    const orphan = kernel.fork(child);
    kernel.run(orphan, 0, 30 * TICK_NS);
    ledger.update(kernel.readings());
    kernel.exit(child, true, false);
    ledger.update(kernel.readings());
    kernel.exit(orphan, true, true);
    assert.equal(ledger.update(kernel.readings()), 30 * TICK_NS);
  });

  test('keeps what an ended thread had when last seen', () => {
    const kernel = new SimulatedKernel();
    const ledger = new WholeLedger();
    kernel.startThread(kernel.root);
    kernel.run(kernel.root, 1, TICK_NS / 2);
    ledger.update(kernel.readings());
    kernel.endThread(kernel.root, 0);
    kernel.run(kernel.root, 0, 1000);
    assert.equal(ledger.update(kernel.readings()), TICK_NS / 2 + 1000);
  });

  test('goes on in nanoseconds after ticks have proved that threads ended unseen', () => {
    const kernel = new SimulatedKernel();
    const ledger = new WholeLedger();
    kernel.startThread(kernel.root);
    kernel.run(kernel.root, 1, 20 * TICK_NS);
    kernel.endThread(kernel.root, 0);
    assert.equal(ledger.update(kernel.readings()), 20 * TICK_NS);
    kernel.run(kernel.root, 0, 1000);
    assert.equal(ledger.update(kernel.readings()), 20 * TICK_NS + 1000);
  });

  test('takes a number that is used again for another process', () => {
    const ledger = new WholeLedger();
    const reading = { pid: 7, parentPid: 1, ticksNs: 0, childTicksNs: 0, childFaults: 0 };
    ledger.update([{ ...reading, startTicks: 1, threadNs: new Map([[7, 500]]) }]);
    assert.equal(ledger.update([{ ...reading, startTicks: 2, threadNs: new Map([[7, 600]]) }]), 1100);
  });

  test('does with ticks alone where the kernel has no schedstat', () => {
    const ledger = new WholeLedger();
    const reading = {
      pid: 7,
      startTicks: 1,
      parentPid: 1,
      childTicksNs: 0,
      childFaults: 0,
      threadNs: undefined,
    };
    ledger.update([{ ...reading, ticksNs: TICK_NS }]);
    assert.equal(ledger.update([{ ...reading, ticksNs: 3 * TICK_NS }]), 3 * TICK_NS);
  });
});
