/** Plans and launches of a duet from figures, as if they had been measured. */
import { USUAL_RULE } from '../../harness/analysis/statistics/duet/duet-decision.ts';
import type {
  DuetPlan,
  PlannedGate,
  PlannedLaunch,
  ServerSubject,
  Figures,
  LaunchOutcome,
  LaunchRecord,
} from '../../harness/results/schema/duet-plan.ts';
import { buildDuetPlan, type DuetRequest } from '../../harness/duet/planning/build-plan.ts';
import type { DuetCourse } from '../../harness/duet/judgement/analysis.ts';
import { runDuet, type DuetEvent } from '../../harness/duet/procedure.ts';
import { CORE_METRICS } from '../../harness/results/metrics.ts';

export const SERVER: ServerSubject = {
  kind: 'server',
  name: 'loop',
  arrangement: 'exchange',
  arrangedBecause: 'a core for each arm, exchanged all the time',
  scenario: {
    id: 'echo',
    title: 'Echo',
    module: 'builtin:echo',
    parameters: { duration: 1000, think: '0', rate: 0 },
    idealMs: 1000,
    warmupMs: 0,
    headline: 'throughput',
    holds: true,
    traits: { timedBy: 'duration', thinkBy: 'think' },
    metrics: [],
  },
  clients: 50,
  holdClients: 1000,
  commands: { base: ['base', '{port}'], head: ['head', '{port}'] },
  announces: true,
  stopSignal: 'SIGTERM',
};

export function gate(metric: string, parts: Partial<PlannedGate> = {}): PlannedGate {
  const definition = CORE_METRICS.find(({ id }) => id === metric);
  if (!definition) throw new Error(`no metric ${metric}`);
  return {
    name: `loop: ${definition.title}`,
    subject: 'loop',
    metric: definition,
    delta: 0.03,
    margin: 0.05,
    ...parts,
  };
}

export const GATES = ['cpu-per-exchange', 'throughput', 'memory-per-connection'].map((id) => gate(id));

export function request(parts: Partial<DuetRequest> = {}): DuetRequest {
  return {
    seed: 1,
    base: { kind: 'revision', ref: 'main', commit: 'a'.repeat(40), contentHash: 'a' },
    head: { kind: 'revision', ref: 'HEAD', commit: 'b'.repeat(40), contentHash: 'b' },
    identical: false,
    control: true,
    rule: USUAL_RULE,
    timing: { holdMs: 100, warmupMs: 100, slices: 4, sliceMs: 100, settleMs: 10 },
    subjects: [SERVER],
    gates: GATES,
    ...parts,
  };
}

/** How the head arm of a launch differs from the base, as ratios that are worse above 1. */
export type Differences = (launch: PlannedLaunch) => Readonly<Record<string, number>>;

/** A launch whose base has 100 of everything, with a noise that is reproducible and the same for both metrics. */
export function outcomeOf(launch: PlannedLaunch, differences: Differences, spread = 0.02): LaunchOutcome {
  const worse = differences(launch);
  const noise = Math.exp(spread * wave(launch.index));
  const figures = (arm: 'base' | 'head'): Figures => {
    const ratio = (metric: string): number => (arm === 'base' ? 1 : noise * (worse[metric] ?? 1));
    return {
      'cpu-per-exchange': 100 * ratio('cpu-per-exchange'),
      throughput: 100 / ratio('throughput'),
      'latency-p99': 100,
    };
  };
  const held = (arm: 'base' | 'head'): Figures => ({
    'memory-per-connection': arm === 'base' ? 100 : 100 * noise * (worse['memory-per-connection'] ?? 1),
  });
  const arm = (name: 'base' | 'head') => ({
    held: held(name),
    slices: [0, 1, 2, 3].map(() => figures(name)),
  });
  return { status: 'completed', base: arm('base'), head: arm('head') };
}

/** From −1 to 1, without a period that a dozen launches would show. */
function wave(index: number): number {
  return Math.sin(2.399963 * (index + 1) ** 1.3);
}

/** Runs the whole procedure on launches that `measure` makes. */
export async function course(
  plan: DuetPlan,
  measure: (launch: PlannedLaunch) => LaunchOutcome | Promise<LaunchOutcome>,
  signal = new AbortController().signal,
): Promise<{ readonly course: DuetCourse; readonly journal: LaunchRecord[]; readonly events: DuetEvent[] }> {
  const journal: LaunchRecord[] = [];
  const events: DuetEvent[] = [];
  let now = 0;
  const done = await runDuet(
    {
      plan,
      measure: async (launch) => await measure(launch),
      journal: { append: (value) => void journal.push(value as LaunchRecord) },
      onEvent: (event) => events.push(event),
      now: () => (now += 1000),
    },
    signal,
  );
  return { course: done, journal, events };
}

export function plan(parts: Partial<DuetRequest> = {}): DuetPlan {
  return buildDuetPlan(request(parts));
}
