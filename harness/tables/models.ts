/** The table of the models: what a connection and a message cost, beside the relations that they should have. */
import { fileURLToPath } from 'node:url';
import { median } from '../analysis/statistics/quantile.ts';
import type { CompletedTrial } from '../results/trial-result.ts';
import type { Arm, Load } from './arm.ts';
import { BASE, REFERENCE, TOLERANCE, type ReferenceRow } from './relations.ts';

/** What is counted: connections with a message each, or messages over held connections. */
export type Unit = 'connection' | 'message';

/** A load in two lengths. What a unit costs is the slope between them. */
interface Lengths {
  readonly short: Load;
  readonly long: Load;
}

const NS_PER_US = 1000;

/** 2,000 to warm up and 5,000 that count, by four clients; 20,000 and 60,000 over eight connections. */
const CONNECTIONS = lengths('connections', 'loops', 4, 500, 1250);
const MESSAGES = lengths('messages', 'messages', 8, 2500, 7500);
/** For models that start a whole runtime for each connection, of which 5,000 would take minutes. */
const FEW_CONNECTIONS = lengths('connections', 'loops', 4, 2, 8);
const RUNTIME_A_CONNECTION: readonly string[] = ['ts-thread', 'ts-fork'];

/** One figure beside its relation. */
export interface Relation {
  readonly unit: Unit;
  readonly variant: string;
  readonly workers?: number;
  readonly slots?: number;
  /** Undefined where trials failed. */
  readonly measuredUs: number | undefined;
  /** Times what the base costs here. */
  readonly ratio: number | undefined;
  /** The same in the table. */
  readonly reference: number;
  readonly limit: number;
  readonly reached: boolean;
}

/** The arms of the table, two for each of its figures. */
export function modelArms(rows: readonly ReferenceRow[] = REFERENCE): readonly Arm[] {
  return figures(rows).flatMap(({ row, unit }) => {
    const { variant, workers, slots } = row;
    const sizing = {
      ...(workers === undefined ? {} : { workers }),
      ...(slots === undefined ? {} : { slots }),
    };
    const { short, long } = loadsOf(variant, unit);
    return [short, long].map((load) => ({ name: armName(row, load), variant, sizing, load }));
  });
}

/** The table from what was measured. */
export function relations(
  trials: ReadonlyMap<string, readonly CompletedTrial[]>,
  rows: readonly ReferenceRow[] = REFERENCE,
): readonly Relation[] {
  const costs = figures(rows).map(({ row, unit, referenceUs }) => {
    const { short, long } = loadsOf(row.variant, unit);
    const of = (load: Load): readonly CompletedTrial[] => trials.get(armName(row, load)) ?? [];
    return { row, unit, referenceUs, measuredUs: slopeUs(of(short), of(long), unit) };
  });
  return costs.map(({ row, unit, referenceUs, measuredUs }) => {
    const base = costs.find((each) => each.row.variant === BASE && each.unit === unit);
    const ratio = measuredUs === undefined || !base?.measuredUs ? undefined : measuredUs / base.measuredUs;
    const reference = referenceUs / (base?.referenceUs ?? Number.NaN);
    const limit = TOLERANCE * reference;
    const { perConnectionUs: _c, perMessageUs: _m, ...line } = row;
    return {
      unit,
      ...line,
      measuredUs,
      ratio,
      reference,
      limit,
      reached: ratio !== undefined && ratio <= limit,
    };
  });
}

/**
 * CPU time of one unit in µs: the slope between a short and a long load of the same round, the median over rounds.
 * What is spent once (the first connections, code that is compiled as it becomes hot) cancels out.
 */
export function slopeUs(
  short: readonly CompletedTrial[],
  long: readonly CompletedTrial[],
  unit: Unit,
): number | undefined {
  const slopes = long.flatMap((one) => {
    const other = short.find(({ trial }) => trial.repetition === one.trial.repetition);
    const units = other ? unitsOf(one, unit) - unitsOf(other, unit) : 0;
    return other && units > 0 ? [(one.resources.cpuNs - other.resources.cpuNs) / NS_PER_US / units] : [];
  });
  return slopes.length === 0 ? undefined : median(slopes);
}

function unitsOf({ load }: CompletedTrial, unit: Unit): number {
  return unit === 'connection' ? load.connects.completed : load.exchanges.completed;
}

function figures(rows: readonly ReferenceRow[]) {
  return rows.flatMap((row) => [
    ...(row.perConnectionUs === undefined
      ? []
      : [{ row, unit: 'connection' as const, referenceUs: row.perConnectionUs }]),
    ...(row.perMessageUs === undefined
      ? []
      : [{ row, unit: 'message' as const, referenceUs: row.perMessageUs }]),
  ]);
}

function loadsOf(variant: string, unit: Unit): Lengths {
  if (unit === 'message') return MESSAGES;
  return RUNTIME_A_CONNECTION.includes(variant) ? FEW_CONNECTIONS : CONNECTIONS;
}

function armName({ variant, slots }: ReferenceRow, load: Load): string {
  return `${variant}${slots === undefined ? '' : `-slots-${slots}`}-${load.id}`;
}

function lengths(file: string, parameter: string, clients: number, short: number, more: number): Lengths {
  const scenario = fileURLToPath(new URL(`loads/${file}.ts`, import.meta.url));
  const load = (each: number): Load => ({
    id: `${file}-${clients * each}`,
    scenario,
    parameters: { [parameter]: each },
    clients,
  });
  return { short: load(short), long: load(short + more) };
}
