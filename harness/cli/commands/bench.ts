/**
 * `holdfast bench`, and the whole of Holdfast in one function: options → plan → trials → run → summary → report. Each
 * step takes what the one before it made.
 */
import { dirname } from 'node:path';
import { moreTrials } from '../../analysis/cells/more-trials.ts';
import { summarise } from '../../analysis/summarise.ts';
import { EXIT } from '../../errors.ts';
import { buildPlan } from '../../plan/build.ts';
import { readEnvironment } from '../../observe/machine/environment.ts';
import { execute } from '../../run/execute.ts';
import { openRig } from '../../rig/rig.ts';
import { planLoad } from '../../run/preflight.ts';
import { BENCH_OPTIONS, requestFrom, type BenchOptions } from '../options/bench-options.ts';
import type { Io } from '../io.ts';
import { command } from '../command.ts';
import { describePlan, progress } from '../text/progress.ts';
import { estimateHere, rememberCosts } from '../files/known-costs.ts';
import { beginRun, endRun, reopenRun } from '../files/run-record.ts';
import { writeReport } from '../files/write-report.ts';

async function bench(options: BenchOptions, io: Io, signal: AbortSignal): Promise<number> {
  const environment = readEnvironment();
  await using interrupted =
    options.resume === undefined ? undefined : await reopenRun(options.resume, options.out, environment);
  const plan = interrupted?.run.plan ?? buildPlan(await requestFrom(options));
  const resultsPath = interrupted ? dirname(interrupted.folder.path) : options.out;
  const estimate = await estimateHere(plan, resultsPath, environment.identity);
  if (!options.quiet) io.err(describePlan(plan, interrupted?.run.trials ?? [], estimate));
  if (options.dryRun) {
    if (options.format === 'json') io.out(`${JSON.stringify(plan, null, 2)}\n`);
    return EXIT.ok;
  }
  const { generators, sources } = planLoad(plan, environment);

  const estimatedMs = estimate.trialMs.reduce((sum, ms) => sum + ms, 0);
  await using open = interrupted ?? (await beginRun(plan, environment, options.out, estimatedMs));
  await using rig = openRig({ logs: open.folder.logs });
  const { trials, timeSpent } = await execute(
    {
      plan,
      folder: open.folder,
      finished: open.run.trials,
      setting: {
        rig,
        backend: rig.loadBackend({ generators }),
        sources,
        readyDeadlineMs: options.readyTimeout,
        stopGraceMs: options.stopTimeout,
        samplePeriodMs: 100,
      },
      more: (results) => moreTrials(plan, results),
      onEvent: progress(plan, open.run.trials, estimate, io, options.quiet),
    },
    signal,
  );
  const run = endRun(open, trials, timeSpent, signal.aborted);
  await rememberCosts(plan, trials, resultsPath, environment.identity);
  if (signal.aborted) io.err(`Finished trials are kept; go on with --resume ${open.folder.path}\n`);
  const summary = summarise(run);
  await writeReport({ folder: open.folder, run, summary }, options.format, io);
  const nothing = summary.warnings.some(({ code }) => code === 'nothing-completed');
  return nothing || summary.totals.failed > 0 ? EXIT.failed : EXIT.ok;
}

export const benchCommand = command({
  usage: 'bench',
  describe: 'measure servers under a growing number of clients and write a report',
  examples: [
    ['bench', 'six server architectures, 1 to 500 clients'],
    ['bench --clients 1..100:10 --servers ts-loop,c-epoll --trials 6', 'a linear sweep of two servers'],
    ["bench --command 'mine=python3 my_server.py {port}' --scenario echo --set raw", 'your own server'],
    ['bench --dry-run', 'the plan and its estimated time'],
    ['bench --resume results/latest', 'resume an interrupted run'],
  ],
  options: BENCH_OPTIONS,
  run: bench,
});
