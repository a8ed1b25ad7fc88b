import type { CpuCgroup } from '../cpu/cgroup.ts';
import { Adopters } from '../cpu/adopters.ts';
import { readKernelUnits, type KernelUnits } from '../machine/kernel-units.ts';
import { parseLimit } from '../parse/fields.ts';
import { isUnreadable, valueOf } from '../unreadable.ts';
import {
  addSample,
  cpuBetween,
  emptySeries,
  resourcesBetween,
  type Sample,
  type TreeCpu,
  type TreeReading,
} from './resource-use.ts';
import { monotonicClock, threadCpuNs, type Clock } from '../self/self.ts';
import type { Membership } from '../tree/tree.ts';
import type { ResourceSeries, ResourceUse } from '../../results/schema/trial.ts';
import { ProcFs } from '../proc-fs.ts';
import { PssReadings, type TreeSize } from './pss-readings.ts';
import { DetailSchedule, SamplingPeriod } from './sampling-period.ts';
import { stealMeter } from '../machine/kernel-counters.ts';
import { SwitchCounter } from '../tree/switches.ts';
import { CpuLedger } from '../cpu/cpu-ledger.ts';
import { TreeWatch, type TreeChange } from '../tree/tree-watch.ts';

export interface SamplerOptions extends Membership {
  /** Milliseconds between samples, at least 1; default 100. Doubled while sampling costs over 1 % of a core. */
  readonly periodMs?: number;
  /** The cgroup in which the server was started; gives exact CPU time. */
  readonly cgroup?: CpuCgroup;
  readonly onSample?: (sample: Sample) => void;
  readonly clock?: Clock;
  readonly proc?: ProcFs;
}

type HoldUse = Pick<ResourceUse, 'holdRssBytes' | 'holdPssBytes' | 'pssStepBytes' | 'peakFds'>;

interface Taken {
  readonly sample: Sample;
  readonly reading: TreeReading;
  /** A member ended meanwhile. */
  readonly disturbed: boolean;
}

/** Where members end in one look after the other, it is enough at some point. */
const MOST_LAST_LOOKS = 4;

/**
 * Samples CPU, memory, threads and processes of a server's whole tree from outside. Figures count from `start`: call it
 * right after spawning the server. Stop it while the server lives: a process that was waited for cannot be read.
 */
export class TreeSampler implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #units: KernelUnits;
  readonly #watch: TreeWatch;
  readonly #ledger = new CpuLedger();
  readonly #switches: SwitchCounter;
  readonly #stealMs: () => number | null;
  readonly #adopters: Adopters | undefined;
  readonly #period: SamplingPeriod;
  readonly #details = new DetailSchedule();
  readonly #onSample: ((sample: Sample) => void) | undefined;
  readonly #cgroup: CpuCgroup | undefined;
  readonly #series = emptySeries();
  readonly #unreadable = new Set<string>();
  readonly #startMs: number;
  #first: TreeReading | undefined;
  #last: TreeReading | undefined;
  #samplerCpuNs = 0;
  readonly #pss: PssReadings;
  #hold: HoldUse = { holdRssBytes: null, holdPssBytes: null, pssStepBytes: null, peakFds: null };
  #cancelTimer = (): void => {};
  #use: Promise<ResourceUse> | undefined;

  private constructor(rootPid: number, options: SamplerOptions) {
    const { periodMs = 100, clock = monotonicClock, proc = new ProcFs('/proc', handleBudget()) } = options;
    // A server outside its cgroup would be measured as idle.
    this.#cgroup = options.cgroup?.pids().includes(rootPid) ? options.cgroup : undefined;
    if (options.cgroup !== undefined && this.#cgroup === undefined) this.#unreadable.add('cgroup');
    if (isUnreadable(proc.read('self/schedstat'))) this.#unreadable.add('schedstat');
    this.#clock = clock;
    this.#units = readKernelUnits();
    this.#watch = new TreeWatch(proc, rootPid, options);
    this.#switches = new SwitchCounter(proc);
    this.#stealMs = stealMeter(proc, this.#units.tickNs);
    // A cgroup counts every process that was ever in it.
    if (this.#cgroup === undefined) this.#adopters = new Adopters(proc, process.pid);
    this.#pss = new PssReadings(proc, () => clock.nowMs());
    this.#period = new SamplingPeriod(periodMs);
    this.#onSample = options.onSample;
    this.#startMs = clock.nowMs();
  }

  /** Takes the first sample at once. A tree without processes gives empty samples, not an error. */
  static start(rootPid: number, options: SamplerOptions = {}): TreeSampler {
    const sampler = new TreeSampler(rootPid, options);
    sampler.sample();
    sampler.#schedule();
    return sampler;
  }

  /** All samples so far. */
  get series(): ResourceSeries {
    return this.#series;
  }

  /** The members at the last sample, parents before their children. */
  get pids(): readonly number[] {
    return [...this.#watch.processes.keys()];
  }

  /** Takes a complete extra sample now: for the edges of a window that must be measured exactly. */
  sample(): Sample {
    return this.#take('edge').sample;
  }

  /** Reads PSS of the tree before its first client comes. From then on it is read when the tree has grown, and at the end. */
  async readReady(): Promise<void> {
    await this.#pss.readReady(this.#size(this.sample()));
    if (this.#pss.use.readyPssBytes === null) this.#unreadable.add('smaps_rollup');
  }

  /** Reads RSS, PSS and open files of the tree: call it while all connections are held. */
  async readHold(): Promise<void> {
    const sample = this.sample();
    const { pssBytes, fds } = await this.#pss.read(this.#size(sample));
    if (pssBytes === null) this.#unreadable.add('smaps_rollup');
    if (fds === null) this.#unreadable.add('fd');
    const pssStepBytes = pssBytes === null ? null : sample.processes * this.#units.pageBytes;
    this.#hold = { holdRssBytes: sample.rssBytes, holdPssBytes: pssBytes, pssStepBytes, peakFds: fds };
  }

  /** Takes the last sample and ends; call it before stopping the server. Idempotent. */
  stop(): Promise<ResourceUse> {
    this.#use ??= this.#end();
    return this.#use;
  }

  async #end(): Promise<ResourceUse> {
    let last = this.#take('last');
    // Whoever ended in this look is now in the account of the parent that waited, which may have been read before.
    for (let looks = 1; last.disturbed && looks < MOST_LAST_LOOKS; looks += 1) last = this.#take('last');
    const { sample, reading } = last;
    this.#cancelTimer();
    await this.#pss.readLast(this.#size(sample));
    this.#watch[Symbol.dispose]();
    return {
      ...resourcesBetween(this.#first ?? reading, reading, this.series),
      cpuMissingNs: this.#missingNs(),
      ...this.#pss.use,
      ...this.#hold,
      holdConnections: null,
      periodMs: this.#period.ms,
      samplerCpuNs: this.#samplerCpuNs,
      unreadable: [...this.#unreadable],
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #schedule(): void {
    this.#cancelTimer = this.#clock.after(this.#period.ms, () => {
      this.#take('regular');
      this.#schedule();
    });
  }

  #take(occasion: 'regular' | 'edge' | 'last'): Taken {
    const startMs = this.#clock.nowMs();
    const startNs = threadCpuNs();
    const detailed = occasion === 'last' || this.#details.isDue(startMs);
    // With a cgroup, only the cross-check needs the threads' times.
    const threads = detailed || this.#cgroup === undefined;
    const whole = detailed || occasion === 'edge';
    const change = this.#watch.look({ whole, threads, periodMs: this.#period.ms });
    const cpu = this.#readCpu(change);
    const before = this.#last?.switches;
    const switches =
      detailed || before === undefined ? this.#switches.read(this.#watch.processes.values()) : before;
    const reading = { cpu, switches };
    this.#first ??= reading;
    this.#last = reading;
    const sample = this.#toSample(startMs, cpu, this.#first.cpu);
    addSample(this.#series, sample);
    const costNs = threadCpuNs() - startNs;
    this.#samplerCpuNs += costNs;
    if (detailed) this.#details.spent(startMs, costNs / 1e6);
    else if (occasion === 'regular') this.#period.spent(costNs / 1e6);
    this.#onSample?.(sample);
    if (occasion !== 'last') this.#pss.offer(this.#size(sample));
    return { sample, reading, disturbed: change.ended.length > 0 };
  }

  /** What ticks may hide, and what adopters waited for beyond what was seen of ended orphans. */
  #missingNs(): number {
    if (this.#last?.cpu.cgroup) return 0;
    const adoptedNs = (this.#adopters?.ticks() ?? 0) * this.#units.tickNs;
    return Math.max(0, adoptedNs - this.#ledger.retiredNs) + this.#ledger.roundedNs(this.#units.tickNs);
  }

  #size({ rssBytes }: Sample): TreeSize {
    return { pids: this.pids, rssBytes };
  }

  #readCpu({ ran, ended }: TreeChange): TreeCpu {
    const { tickNs } = this.#units;
    const readings = Array.from(ran, (process) => process.reading(tickNs));
    const cpuNs = this.#ledger.update(readings, ended);
    const { userTicks, systemTicks } = this.#watch.totals;
    const exact = this.#cgroup?.read();
    return {
      ledger: { cpuNs, userNs: userTicks * tickNs, systemNs: systemTicks * tickNs },
      cgroup: exact === undefined || isUnreadable(exact) ? null : exact,
    };
  }

  #toSample(nowMs: number, cpu: TreeCpu, first: TreeCpu): Sample {
    const { rssPages, threads, processes } = this.#watch.totals;
    const exact = cpu.cgroup !== null && first.cgroup !== null ? cpuBetween(first.cgroup, cpu.cgroup) : null;
    return {
      atMs: nowMs - this.#startMs,
      cpuNs: (exact ?? cpuBetween(first.ledger, cpu.ledger)).cpuNs,
      rssBytes: rssPages * this.#units.pageBytes,
      threads,
      processes,
      stealMs: this.#stealMs(),
    };
  }
}

/** The most files to hold open, so that clients of this process still find descriptors. */
function handleBudget(): number {
  const limit = valueOf(new ProcFs().parse('self/limits', (bytes) => parseLimit(bytes, 'Max open files')));
  return Math.min(2048, Math.floor((limit?.soft ?? 0) / 4));
}
