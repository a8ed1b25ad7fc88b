/**
 * Kills Holdfast with SIGKILL at random moments, and checks what it promises: nothing is left running, no finished trial
 * is lost, and a run that is resumed ends with the trials of its plan.
 */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { messageOf, UnfitError } from '../../errors.ts';
import type { Random } from '../../plan/random.ts';
import { runFolder } from '../../results/folder.ts';
import { readRun } from '../../results/run.ts';
import { guardsOf, markedBy } from './left-running.ts';

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));

/** So long after a kill nothing may run any more, in ms. */
const GONE_MS = 2000;

/** A run is killed again in so many of its resumptions, at most. */
const MOST_KILLS = 4;

/** One run, from its start to its end, with all the kills that it went through. */
export interface TorturedRun {
  readonly kills: number;
  /** Of these: with the guard killed just before, so that only the next start can clean up. */
  readonly guardsKilled: number;
  /** Trials that were on disk when a kill came, summed over the kills. */
  readonly finished: number;
  /** What did not hold; empty where everything did. */
  readonly problems: readonly string[];
}

export interface Torture {
  /** Options of `holdfast bench`, without `--out`. */
  readonly bench: readonly string[];
  readonly random: Random;
  readonly signal: AbortSignal;
}

/** How long an undisturbed run takes, in ms. @throws UnfitError where it does not end well */
export async function undisturbedMs({ bench, signal }: Omit<Torture, 'random'>): Promise<number> {
  const out = mkdtempSync(join(tmpdir(), 'holdfast-torture-'));
  try {
    const startMs = performance.now();
    const { exitCode, stderr } = await start(['bench', ...bench, '--out', out], signal);
    if (exitCode !== 0) throw new UnfitError(`A run that nobody disturbs does not end well: ${stderr}`);
    return performance.now() - startMs;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Begins a run, kills it, and resumes it until it is complete. @param lastsMs of an undisturbed run */
export async function tortureRun(torture: Torture, lastsMs: number): Promise<TorturedRun> {
  const { bench, random, signal } = torture;
  const out = mkdtempSync(join(tmpdir(), 'holdfast-torture-'));
  const problems: string[] = [];
  const sums = { kills: 0, guardsKilled: 0, finished: 0 };
  try {
    for (let begun = false; ;) {
      signal.throwIfAborted();
      const args = begun ? ['--resume', join(out, 'latest')] : bench;
      const running = start(['bench', ...args, '--out', out], signal);
      const killed =
        sums.kills < MOST_KILLS && (await killAfter(running, random.integer(50, lastsMs), random));
      if (!killed) {
        const { exitCode, stderr } = await running;
        if (exitCode !== 0 && !/is complete/.test(stderr)) problems.push(`exit code ${exitCode}: ${stderr}`);
        break;
      }
      sums.kills++;
      if (killed.guard) sums.guardsKilled++;
      else if (killed.left.length > 0)
        problems.push(`still running after ${GONE_MS} ms: ${killed.left.join(', ')}`);
      begun = existsSync(runFolder(join(out, 'latest')).manifest);
      sums.finished += linesOf(out).length;
      if (
        linesOf(out).length < killed.finished.length ||
        killed.finished.some((line, i) => line !== linesOf(out)[i])
      )
        problems.push('a trial that had ended is lost');
    }
    problems.push(...(await missing(out)), ...leftOf(out));
  } catch (error) {
    signal.throwIfAborted();
    problems.push(messageOf(error));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  return { ...sums, problems };

  /** Kills it, and waits until nothing of it runs; undefined where it ended by itself before. */
  async function killAfter(running: ReturnType<typeof start>, ms: number, moments: Random) {
    const ended = await Promise.race([running, sleep(ms, undefined, { signal })]);
    if (ended !== undefined || running.pid === undefined) return undefined;
    const guard = moments.integer(1, 4) === 1;
    if (guard) for (const pid of guardsOf(running.pid)) process.kill(pid, 'SIGKILL');
    const finished = linesOf(out);
    running.kill('SIGKILL');
    await running;
    // Without its guard only the next start cleans up.
    const left = guard ? markedBy(running.pid) : await leftAfter(GONE_MS, running.pid);
    return { guard, finished, left };
  }
}

/** What still runs of a harness that was killed, after so long at most. */
async function leftAfter(ms: number, harnessPid: number): Promise<number[]> {
  const deadline = performance.now() + ms;
  for (;;) {
    const left = markedBy(harnessPid);
    if (left.length === 0 || performance.now() > deadline) return left;
    await sleep(10);
  }
}

function start(args: readonly string[], cancelSignal: AbortSignal) {
  return execa(process.execPath, [MAIN, ...args], {
    reject: false,
    stdin: 'ignore',
    stdout: 'ignore',
    cancelSignal,
  });
}

/** The trials that are whole on disk. */
function linesOf(out: string): string[] {
  const { trials } = runFolder(join(out, 'latest'));
  return existsSync(trials) ? readFileSync(trials, 'utf8').split('\n').slice(0, -1) : [];
}

/** What the run lacks of its plan. */
async function missing(out: string): Promise<string[]> {
  const { plan, trials, manifest } = await readRun(runFolder(join(out, 'latest')));
  const there = new Set(trials.map(({ trial }) => trial.index));
  const lacking = plan.trials.filter(({ index }) => !there.has(index));
  return [
    ...(lacking.length > 0 ? [`${lacking.length} of ${plan.trials.length} trials are missing`] : []),
    ...(manifest.status === 'complete' ? [] : [`the run is ${manifest.status}`]),
  ];
}

/** Temporary files that a kill left in a folder of results and nobody removed. */
function leftOf(out: string): string[] {
  const parts = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.part'),
  );
  return parts.length > 0 ? [`left in the results: ${parts.join(', ')}`] : [];
}
