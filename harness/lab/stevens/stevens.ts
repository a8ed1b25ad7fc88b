/** Stevens' table: process-control CPU time of each design, how connections fell on workers, and the herd. */
import { median } from '../../analysis/statistics/estimators/quantile.ts';
import type { CompletedTrial } from '../../results/schema/trial.ts';
import type { Arm, Load } from './measure.ts';
import { DESIGNS, TABLE_CONNECTIONS, type Design, type Language } from './designs.ts';
import { typicalDistribution, type Distribution } from './distribution.ts';

/** The arguments of Stevens' client, and the size of the pools. */
export interface StevensSetting {
  readonly language: Language;
  readonly children: number;
  readonly loops: number;
  readonly bytes: number;
  readonly workers: number;
}

/** One design, and what was published of it. */
export interface StevensRow {
  readonly design: number;
  readonly title: string;
  /** Undefined where there is no such server here. */
  readonly server: string | undefined;
  /** CPU time of the whole tree per connection in µs, the median over rounds. */
  readonly cpuPerConnectionUs: number | undefined;
  /** Seconds for 5,000 connections, less the iterative server's of the same round: median, lowest and highest round. */
  readonly processControlS: Spread | undefined;
  readonly publishedS: number;
  /** How the connections fell on the workers of a pool. */
  readonly distribution: Distribution | undefined;
}

export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

const US_PER_S = 1e6;

/** Servers that start a whole runtime for each connection: a fiftieth of the connections tells as much. */
const RUNTIME_A_CONNECTION: readonly string[] = ['ts-thread', 'ts-fork'];
const FEWER = 50;

/** The arms of the table in one language. */
export function stevensArms(setting: StevensSetting): readonly Arm[] {
  return DESIGNS.flatMap(({ variants }) => {
    const variant = variants[setting.language];
    if (variant === undefined) return [];
    const loops = RUNTIME_A_CONNECTION.includes(variant)
      ? Math.max(1, Math.round(setting.loops / FEWER))
      : setting.loops;
    return [{ name: variant, variant, sizing: { workers: setting.workers }, load: loadOf(setting, loops) }];
  });
}

/** The client of the book as a load. */
export function loadOf({ children, bytes }: StevensSetting, loops: number): Load {
  return { scenario: 'stevens', parameters: { loops, bytes }, clients: children };
}

/** The table from what was measured, a row for each design of the book. */
export function stevensRows(
  trials: ReadonlyMap<string, readonly CompletedTrial[]>,
  language: Language,
): readonly StevensRow[] {
  const of = ({ variants }: Design): readonly CompletedTrial[] => trials.get(variants[language] ?? '') ?? [];
  const iterative = DESIGNS[0] ? of(DESIGNS[0]) : [];
  return DESIGNS.map((design) => {
    const own = of(design);
    return {
      design: design.number,
      title: design.title,
      server: design.variants[language],
      cpuPerConnectionUs: own.length > 0 ? median(own.map(cpuPerConnectionUs)) : undefined,
      processControlS: spreadOf(processControlS(own, iterative)),
      publishedS: design.publishedS,
      distribution: design.pool ? typicalDistribution(own) : undefined,
    };
  });
}

/** CPU time of the server's process tree by connection that was established, in µs. */
export function cpuPerConnectionUs({ resources, load }: CompletedTrial): number {
  return resources.cpuNs / 1000 / load.connects.completed;
}

/** Round by round, so that what slows a whole round down cancels out. */
function processControlS(own: readonly CompletedTrial[], iterative: readonly CompletedTrial[]): number[] {
  return own.flatMap((trial) => {
    const base = iterative.find((each) => each.trial.repetition === trial.trial.repetition);
    if (!base) return [];
    return [((cpuPerConnectionUs(trial) - cpuPerConnectionUs(base)) * TABLE_CONNECTIONS) / US_PER_S];
  });
}

function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
}
