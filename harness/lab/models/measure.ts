/** Measures what a connection and a message cost every model, each next to the base of the same moment. */
import { selectScenarios } from '../../catalogue/scenarios.ts';
import { selectServers } from '../../catalogue/servers.ts';
import type { Cores } from '../../rig/cores.ts';
import type { ServerUnderTest } from '../../rig/server-under-test.ts';
import { requireBareClient } from '../bare-client.ts';
import { openLab, type Lab } from '../lab.ts';
import { measureInRounds, type Effort, type LabEvent, type Measured } from '../rounds.ts';
import { cpuUsOf } from './cpu-cost.ts';
import { BASE, figuresOf, nameOf, type ReferenceRow } from './reference.ts';
import { unitsOf, workloadOf, type Unit, type Workload } from './workload.ts';

const READY_DEADLINE_MS = 30_000;

/** One slice of a model, and what the base cost at that moment. */
export interface Slice {
  readonly row: ReferenceRow;
  readonly unit: Unit;
  /** CPU time of a unit, in µs. */
  readonly costUs: number;
  /** The same of the base: the mean of its slices right before and right after. */
  readonly baseUs: number;
}

export interface MeasuredModels extends Omit<Measured<Slice>, 'figures'> {
  readonly slices: readonly Slice[];
  /** Where server and clients ran; undefined: wherever the kernel put them. */
  readonly cores: Cores | undefined;
}

/**
 * In every round each server is started afresh, warmed up, and measured in slices; a base that lives as long as the
 * round is measured before, between and after them. The first round is always measured.
 *
 * @throws UnfitError where a server or the bare client is not available, or the base fails; the signal's reason when
 *   aborted
 */
export async function measureModels(
  rows: readonly ReferenceRow[],
  effort: Effort,
  onEvent: (event: LabEvent) => void,
  signal: AbortSignal,
): Promise<MeasuredModels> {
  requireBareClient();
  const commandOf = await commands();
  const jobs = rows.map((row) => ({ row, command: commandOf(row) }));
  await using lab = await openLab();
  const { figures, ...measured } = await measureInRounds<Job, Slice>(jobs, effort, {
    nameOf: ({ row }) => nameOf(row),
    round: async (_, measureAll) => {
      await using base = await started(lab, 'base', commandOf({ variant: BASE }), signal);
      await measureAll((job) => measureOne(job, base, lab, signal));
    },
    onEvent,
    signal,
  });
  return { slices: figures, ...measured, cores: lab.cores };
}

interface Job {
  readonly row: ReferenceRow;
  readonly command: readonly string[];
}

async function measureOne(
  { row, command }: Job,
  base: ServerUnderTest,
  lab: Lab,
  signal: AbortSignal,
): Promise<readonly Slice[]> {
  await using server = await started(lab, nameOf(row), command, signal);
  const slices: Slice[] = [];
  for (const { unit } of figuresOf(row)) {
    const workload = workloadOf(row, unit);
    const baseWorkload = workloadOf({ variant: BASE }, unit);
    if (workload.warmUp) await cpuUsOf(server, workload.warmUp, signal);
    if (baseWorkload.warmUp) await cpuUsOf(base, baseWorkload.warmUp, signal);
    let before = await cost(base, baseWorkload, signal);
    for (let i = 0; i < workload.slices; i += 1) {
      const costUs = await cost(server, workload, signal);
      const after = await cost(base, baseWorkload, signal);
      slices.push({ row, unit, costUs, baseUs: (before + after) / 2 });
      before = after;
    }
  }
  return slices;
}

/** CPU time of one unit in µs. */
async function cost(server: ServerUnderTest, workload: Workload, signal: AbortSignal): Promise<number> {
  const lessUs = workload.less ? await cpuUsOf(server, workload.less, signal) : 0;
  return ((await cpuUsOf(server, workload.load, signal)) - lessUs) / unitsOf(workload);
}

/** A server that is ready, on its core. */
async function started(
  { rig, cores }: Lab,
  name: string,
  command: readonly string[],
  signal: AbortSignal,
): Promise<ServerUnderTest> {
  const server = await rig.startServer({ name, command, cores: cores?.server });
  try {
    await server.ready({ announces: true, deadlineMs: READY_DEADLINE_MS }, signal);
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

/** How the server of a row is started. */
async function commands(): Promise<(row: ReferenceRow) => readonly string[]> {
  const scenarios = await selectScenarios(['echo'], []);
  return ({ variant, workers, slots }) => {
    const sizing = {
      ...(workers === undefined ? {} : { workers }),
      ...(slots === undefined ? {} : { slots }),
    };
    const [server] = selectServers({ names: [variant], commands: [], manifest: [], sizing }, scenarios);
    return Object.values(server?.commands ?? {})[0] ?? [];
  };
}
