/** Measures what a connection and a message cost every model, each next to the base of the same moment. */
import { setTimeout as sleep } from 'node:timers/promises';
import { selectScenarios } from '../../catalogue/scenarios.ts';
import { selectServers } from '../../catalogue/servers.ts';
import type { TreeSampler } from '../../observe/sampler/sampler.ts';
import type { ServerUnderTest } from '../../rig/server-under-test.ts';
import { makeBareLoad, requireBareClient, type BareLoad } from '../bare-client.ts';
import { openLab, type Lab, type MeasuredHere } from '../lab.ts';
import { measureInRounds, type Effort, type LabEvent } from '../rounds.ts';
import { BASE, figuresOf, nameOf, type ReferenceRow } from './reference.ts';
import { unitsOf, workloadOf, type Unit, type Workload } from './workload.ts';

const READY_DEADLINE_MS = 30_000;

/** Loads last for tenths of a second: samples are taken at their edges. */
const SAMPLE_PERIOD_MS = 10_000;

/** A server is at rest when it used less than so much in so long: the ends of connections have been worked off. */
const REST_NS = 100_000;
const REST_MS = 10;
const REST_DEADLINE_MS = 5000;

/** One slice of a model, and what the base cost at that moment. */
export interface Slice {
  readonly row: ReferenceRow;
  readonly unit: Unit;
  /** CPU time of a unit, in µs. */
  readonly costUs: number;
  /** The same of the base: the mean of its slices right before and right after. */
  readonly baseUs: number;
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
): Promise<MeasuredHere<Slice>> {
  requireBareClient();
  const commandOf = await commands();
  const commandsByRow = new Map(rows.map((row) => [row, commandOf(row)]));
  const commandOfBase = commandOf({ variant: BASE, costUs: {} });
  await using lab = await openLab();
  let base: ServerUnderTest;
  const measured = await measureInRounds<ReferenceRow, Slice>(rows, effort, {
    nameOf,
    openRound: async () => (base = await started(lab, 'base', commandOfBase, signal)),
    measure: async (row) => {
      await using server = await started(lab, nameOf(row), commandsByRow.get(row) ?? [], signal);
      return await slicesOf(row, server, base, signal);
    },
    onEvent,
    signal,
  });
  return { ...measured, cores: lab.cores };
}

async function slicesOf(
  row: ReferenceRow,
  server: ServerUnderTest,
  base: ServerUnderTest,
  signal: AbortSignal,
): Promise<readonly Slice[]> {
  const slices: Slice[] = [];
  for (const [unit] of figuresOf(row)) {
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

/** CPU time of the server's whole tree over a load and until it is at rest again, in µs. */
async function cpuUsOf(server: ServerUnderTest, load: BareLoad, signal: AbortSignal): Promise<number> {
  await using sampler = server.watch(SAMPLE_PERIOD_MS);
  await makeBareLoad(load, server.port, signal);
  await atRest(sampler);
  return (await sampler.stop()).cpuNs / 1000;
}

async function atRest(sampler: TreeSampler): Promise<void> {
  const deadline = performance.now() + REST_DEADLINE_MS;
  let before = sampler.sample().cpuNs;
  for (;;) {
    await sleep(REST_MS);
    const now = sampler.sample().cpuNs;
    if (now - before < REST_NS || performance.now() > deadline) return;
    before = now;
  }
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
