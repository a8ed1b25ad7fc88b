/** A process that runs a file of benchmarks, as the harness sees it. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../../errors.ts';
import type { LineProcess } from '../../rig/line-process.ts';
import type { Rig } from '../../rig/rig.ts';
import type { Place } from '../builds/builds.ts';
import type { MicroTimes } from './bench-file.ts';

const PROGRAM = fileURLToPath(new URL('main.ts', import.meta.url));

/** How long a file may take to load, in ms. */
const LOAD_MS = 60_000;
/** What a round may take beyond the time that was asked for, in ms: a benchmark is always run once. */
const GRACE_MS = 60_000;

export interface MicroQuestion {
  /** How long each benchmark is repeated. */
  readonly ms: number;
  /** Names of those that are run; all where undefined. */
  readonly only?: readonly string[];
}

export type MicroAnswer = { readonly times: MicroTimes } | { readonly refused: string };

/**
 * Starts the process and waits until the file is loaded.
 *
 * @param name of its logs
 * @param file relative to the place
 * @throws UnfitError when it does not start, the signal's reason when aborted
 */
export async function startMicro(
  rig: Pick<Rig, 'startLineProcess'>,
  name: string,
  { node, root }: Place,
  file: string,
  signal: AbortSignal,
): Promise<LineProcess> {
  return await rig.startLineProcess(
    { name, command: [node, PROGRAM, join(root, file)], readyMs: LOAD_MS },
    signal,
  );
}

/**
 * One round over the benchmarks.
 *
 * @throws UsageError where the file holds no benchmarks, UnfitError where the process ended, the signal's reason
 */
export async function microRound(
  process: LineProcess,
  question: MicroQuestion,
  signal: AbortSignal,
): Promise<MicroTimes> {
  const deadlineMs = GRACE_MS + question.ms * Math.max(100, question.only?.length ?? 0);
  const answer = JSON.parse(await process.ask(JSON.stringify(question), signal, deadlineMs)) as MicroAnswer;
  if ('refused' in answer) throw new UsageError(answer.refused);
  return answer.times;
}
