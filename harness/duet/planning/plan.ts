/**
 * The plan of a duet: two builds, everything that is measured of both, and every launch with what chance decided for
 * it. Written and hashed before the first launch, so that nothing can be chosen after a figure was seen.
 */
import type { DuetRule } from '../../analysis/statistics/duet/duet-rule.ts';
import type { PlannedScenario } from '../../results/schema/plan.ts';
import type { MetricDefinition } from '../../results/schema/metric.ts';

/** What one launch compares with the base: the head, or (as a control) a second copy of the base. */
export type Contrast = 'head' | 'control';

/** How the two arms of a launch share the machine; the first that can be had is the best. */
export type Arrangement =
  /** At the same time, each on a core of its own; the arms exchange their cores all the time. */
  | 'exchange'
  /** The same, with the cores exchanged between slices only. */
  | 'side-by-side'
  /** One after the other, each with all cores: base, head, head, base, or the reverse. */
  | 'in-turn';

/** Where an arm of the comparison comes from. */
export type ArmSource =
  | {
      readonly kind: 'revision';
      /** As it was asked for: `origin/main`. */
      readonly ref: string;
      readonly commit: string;
      /** Over the git objects of everything that is measured: equal hashes are equal builds. */
      readonly contentHash: string;
    }
  /** A command of the user's. `contentHash`: over the files that it names; null where it names none. */
  | { readonly kind: 'command'; readonly command: string; readonly contentHash: string | null };

/** Lengths of the parts of a launch, in ms. */
export interface Timing {
  /** How long the connections are held at most of which the memory is taken: a quarter to make them, then until all are there. */
  readonly holdMs: number;
  /** Load after the start that is not recorded. */
  readonly warmupMs: number;
  readonly slices: number;
  /** Recorded part of a slice. */
  readonly sliceMs: number;
  /** Before the recorded part of a slice: connections are made, and caches filled after the swap of the cores. */
  readonly settleMs: number;
}

/** A server variant as both builds are started with it. `{root}` in a command is where the build lies. */
export interface ServerSubject {
  readonly kind: 'server';
  readonly name: string;
  readonly arrangement: Arrangement;
  /** Why this arrangement: one sentence for people. */
  readonly arrangedBecause: string;
  readonly scenario: PlannedScenario;
  readonly clients: number;
  /** Connections held while memory is taken; null where the scenario cannot hold still. */
  readonly holdClients: number | null;
  readonly commands: { readonly base: readonly string[]; readonly head: readonly string[] };
  readonly announces: boolean;
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
}

/** The micro-benchmarks of the generator's and the codecs' hot paths. */
export interface MicroSubject {
  readonly kind: 'micro';
  readonly name: string;
  readonly arrangement: Arrangement;
  readonly arrangedBecause: string;
}

export type Subject = ServerSubject | MicroSubject;

/** One member of the family that is judged together. */
export interface PlannedGate {
  /** `subject: metric`, unique in the plan. */
  readonly name: string;
  readonly subject: string;
  readonly metric: MetricDefinition;
  /** Smallest effect worth an alarm, relative. */
  readonly delta: number;
  /** A head that is worse by less than this for certain has not changed, relative. */
  readonly margin: number;
}

/** One launch: both arms started afresh, and what chance decided. */
export interface PlannedLaunch {
  /** Position in the order of the duet, from 0. */
  readonly index: number;
  /** From 1: the n-th launch of its subject and contrast. */
  readonly round: number;
  readonly subject: string;
  readonly contrast: Contrast;
  /** Which arm is started first. */
  readonly first: 'base' | 'head';
  /**
   * For each slice, where each arm has a core: on which of the two the base begins it; in turn: whether the base comes first (0) or
   * second (1).
   */
  readonly pattern: readonly (0 | 1)[];
  /** Which of the two folders the base lies in; the other arm lies in the other one. */
  readonly place: 0 | 1;
  /** Which of the two generators drives the base. */
  readonly generator: 0 | 1;
  /** Seed of the clients, the same for both arms. */
  readonly seed: number;
}

export interface DuetPlan {
  /** 1 called the arms "base" and "other", and the interim analyses looks. */
  readonly schema: 2;
  readonly kind: 'duet';
  readonly seed: number;
  readonly base: ArmSource;
  readonly head: ArmSource;
  /** Both arms are the same build: nothing can be found, and an effect that is found condemns the measurement. */
  readonly identical: boolean;
  /** Each launch against the head has one beside it of the base against a copy of itself. Not where both are the same. */
  readonly control: boolean;
  readonly rule: DuetRule;
  readonly timing: Timing;
  readonly subjects: readonly Subject[];
  readonly gates: readonly PlannedGate[];
  readonly launches: readonly PlannedLaunch[];
}
