import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../../property.ts';
import { CpuLedger } from '../../../harness/observe/cpu/cpu-ledger.ts';
import { TreeWatch } from '../../../harness/observe/tree/tree-watch.ts';
import { MemoryFiles } from '../fixtures/memory-files.ts';

const TICK_NS = 1e7;
const ROOT = 10;
const REGULAR = { whole: false, threads: true, periodMs: 100 };
const WHOLE = { ...REGULAR, whole: true };

interface Child {
  cpuNs: number;
  rssPages: number;
}

/** A root with children that it always waits for, in a /proc that tells of them as Linux does. */
class Family {
  readonly files = new MemoryFiles();
  readonly children = new Map<number, Child>();
  rootNs = 0;
  reapedNs = 0;
  usedNs = 0;
  #lastPid = ROOT;

  constructor(children: number) {
    this.#writeRoot();
    for (let born = 0; born < children; born++) this.fork();
  }

  get pids(): readonly number[] {
    return [...this.children.keys()];
  }

  fork(): number {
    const pid = ++this.#lastPid;
    this.files.set('loadavg', `0.00 0.00 0.00 1/1 ${pid}\n`);
    this.children.set(pid, { cpuNs: 0, rssPages: 10 });
    this.runRoot(1000);
    this.run(pid, 1000, 0);
    return pid;
  }

  run(pid: number, ns: number, pages: number): void {
    const child = this.children.get(pid);
    if (child === undefined) return;
    child.cpuNs += ns;
    child.rssPages += pages;
    this.usedNs += ns;
    this.files.process(pid, { parentPid: ROOT, userTicks: ticks(child.cpuNs), ...child });
  }

  /** The child ends, and the root runs to wait for it. */
  end(pid: number): void {
    this.reapedNs += this.children.get(pid)?.cpuNs ?? 0;
    this.children.delete(pid);
    this.files.end(pid);
    this.runRoot(1000);
  }

  runRoot(ns: number): void {
    this.rootNs += ns;
    this.usedNs += ns;
    this.#writeRoot();
  }

  #writeRoot(): void {
    const { rootNs: cpuNs, reapedNs } = this;
    this.files.process(ROOT, { cpuNs, userTicks: ticks(cpuNs), childUserTicks: ticks(reapedNs) });
  }
}

function ticks(ns: number): number {
  return Math.floor(ns / TICK_NS);
}

/** The CPU time after a look. */
function look(watch: TreeWatch, ledger: CpuLedger, how: typeof REGULAR): number {
  const { ran, ended } = watch.look(how);
  return ledger.update(
    Array.from(ran, (process) => process.reading(TICK_NS)),
    ended,
  );
}

function settled(family: Family): TreeWatch {
  const watch = new TreeWatch(family.files, ROOT, {});
  for (let looks = 0; looks < 2; looks++) watch.look(WHOLE);
  family.files.reads.length = 0;
  return watch;
}

describe('a look at a tree of 500', () => {
  test('that sleep reads one cheap file of a tenth of them', () => {
    const family = new Family(499);
    const watch = settled(family);
    watch.look(REGULAR);
    const reads = family.files.reads.filter((path) => path !== 'loadavg');
    assert.equal(reads.length, 50);
    assert.ok(reads.every((path) => path.endsWith('/schedstat')));
  });

  test('finds every one that woke within ten looks, and at once when all is asked for', () => {
    const family = new Family(499);
    const watch = settled(family);
    const ledger = new CpuLedger();
    const before = look(watch, ledger, WHOLE);
    for (const pid of family.pids) family.run(pid, 5000, 1);
    let after = before;
    for (let looks = 0; looks < 10; looks++) after = look(watch, ledger, REGULAR);
    assert.ok(after - before >= 499 * 5000);
    for (const pid of family.pids) family.run(pid, 5000, 1);
    look(watch, ledger, WHOLE);
    assert.equal(watch.totals.rssPages, 10 + 499 * 12);
  });

  test('that run a little reads the time of all, and memory and threads of a tenth', () => {
    const family = new Family(499);
    const watch = settled(family);
    for (const pid of family.pids) family.run(pid, 5000, 1);
    family.runRoot(5000);
    watch.look(WHOLE);
    for (const pid of family.pids) family.run(pid, 5000, 1);
    family.runRoot(5000);
    family.files.reads.length = 0;
    watch.look(REGULAR);
    const files = Map.groupBy(family.files.reads, (path) => path.split('/').at(-1));
    assert.equal(files.get('schedstat')?.length, 500);
    assert.equal(files.get('stat')?.length, 50);
  });

  test('reads memory at once of one that used a millisecond', () => {
    const family = new Family(499);
    const watch = settled(family);
    const [pid = 0] = family.pids;
    family.run(pid, 1000, 1);
    watch.look(WHOLE);
    for (let looks = 0; looks < 3; looks++) {
      const before = watch.totals.rssPages;
      family.run(pid, 2e6, 100);
      watch.look(REGULAR);
      assert.equal(watch.totals.rssPages, before + 100);
    }
  });

  test('reads what ran a little once more when it has gone to rest', () => {
    const family = new Family(499);
    const watch = settled(family);
    for (const pid of family.pids) family.run(pid, 5000, 1);
    watch.look(WHOLE);
    for (const pid of family.pids) family.run(pid, 5000, 1);
    watch.look(REGULAR);
    watch.look(WHOLE);
    assert.equal(watch.totals.rssPages, 10 + 499 * 12);
  });

  test('does not count a sleeper that ended twice when its parent has its turn first', () => {
    const family = new Family(499);
    const watch = new TreeWatch(family.files, ROOT, {});
    const ledger = new CpuLedger();
    const some = family.pids.slice(0, 20);
    for (const pid of some) family.run(pid, 30 * TICK_NS, 0);
    for (let looks = 0; looks < 2; looks++) look(watch, ledger, WHOLE);
    for (const pid of some) family.end(pid);
    for (let looks = 0; looks < 11; looks++) assert.ok(look(watch, ledger, REGULAR) <= family.usedNs);
    assert.equal(look(watch, ledger, WHOLE), family.usedNs);
  });

  test('does not list /proc for a few that were started, and takes no thread for a process', () => {
    const family = new Family(499);
    const watch = settled(family);
    const pid = family.fork();
    family.files.set(
      `${pid + 1}/stat`,
      `${pid + 1} (x) S ${ROOT} 1 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 9 0 9 9 9 0\n`,
    );
    family.files.set(`${pid + 1}/status`, `Name:\tx\nTgid:\t${ROOT}\n`);
    family.files.set('loadavg', `0.00 0.00 0.00 1/1 ${pid + 1}\n`);
    watch.look(REGULAR);
    assert.ok(watch.processes.has(pid));
    assert.ok(!watch.processes.has(pid + 1));
  });

  test('finds what was only half made when its number was asked for, once all is asked for', () => {
    const family = new Family(499);
    const watch = settled(family);
    const pid = family.fork();
    family.files.set(`${pid + 1}/comm`, 'x\n');
    family.files.set('loadavg', `0.00 0.00 0.00 1/1 ${pid + 1}\n`);
    watch.look(REGULAR);
    family.files.process(pid + 1, { parentPid: ROOT, cpuNs: 1 });
    watch.look(WHOLE);
    assert.ok(watch.processes.has(pid + 1));
  });
});

test('whatever is read in turn: CPU time never exceeds the truth, and is whole when all is read', () => {
  const who = fc.nat(1000);
  const step = fc.record({
    kind: fc.constantFrom('run', 'run', 'root', 'fork', 'end', 'look', 'look', 'whole'),
    who,
    // Nothing changes without running.
    ns: fc.oneof(fc.integer({ min: 1, max: 1e5 }), fc.integer({ min: 1, max: 5e7 })),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), (steps) => {
      const family = new Family(240);
      const watch = new TreeWatch(family.files, ROOT, {});
      const ledger = new CpuLedger();
      look(watch, ledger, WHOLE);
      for (const { kind, who: choice, ns } of steps) {
        const pid = family.pids[choice % Math.max(1, family.pids.length)] ?? 0;
        if (kind === 'run') family.run(pid, ns, 1);
        if (kind === 'root') family.runRoot(ns);
        if (kind === 'fork') family.fork();
        if (kind === 'end') family.end(pid);
        if (kind === 'look') assert.ok(look(watch, ledger, REGULAR) <= family.usedNs);
        if (kind === 'whole') assert.ok(look(watch, ledger, WHOLE) <= family.usedNs);
      }
      const missingNs = family.usedNs - look(watch, ledger, WHOLE);
      // Children's time is known in ticks where they ran after their last turn.
      assert.ok(missingNs >= 0 && missingNs < 2 * TICK_NS, `${missingNs} ns missing`);
      const pages = [...family.children.values()].reduce((sum, { rssPages }) => sum + rssPages, 10);
      assert.equal(watch.totals.rssPages, pages);
      assert.equal(watch.totals.processes, family.children.size + 1);
    }),
    { numRuns: 60 },
  );
});
