/** `holdfast micro`: anybody's tinybench file, run once, or compared between two builds by the rules of a duet. */
import { jsonText } from '../../results/files.ts';
import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { formatDuration } from '../../scenario/duration.ts';
import { table } from '../../analysis/text/table.ts';
import type { Builds } from '../../duet/builds/builds.ts';
import { buildsOfRevisions } from '../../duet/builds/from-revisions.ts';
import { buildsOfFolders } from '../../duet/builds/ready-made.ts';
import { repositoryOf } from '../../duet/builds/revision.ts';
import { arrangeHere } from '../../duet/planning/arrange.ts';
import type { MicroTimes } from '../../duet/micro/bench-file.ts';
import { microRound, startMicro } from '../../duet/micro/process.ts';
import { readDuetConfig } from '../../duet/read.ts';
import { microSubject } from '../../duet/planning/subjects.ts';
import { EXIT, UsageError } from '../../errors.ts';
import { readEnvironment } from '../../observe/machine/environment.ts';
import { openRig } from '../../rig/rig.ts';
import { command } from '../command.ts';
import { compareBuilds, teller } from '../compare-builds.ts';
import type { Io } from '../io.ts';
import { COMPARISON_OPTIONS, rulesOption } from '../options/duet-options.ts';
import { positional, required, text, type Values } from '../options/option.ts';

/** How long each benchmark is repeated for the table, in ms: first to warm up, then to measure. */
const TABLE_MS = 250;

const OPTIONS = {
  file: positional(required(text('an ES module whose default export is a Bench of tinybench'))),
  base: text('revision that is compared against; without one the benchmarks are run once'),
  head: text('revision that may be slower', 'HEAD'),
  'base-dir': text('instead of revisions: the folder of the one build …'),
  'head-dir': text('… and of the other, which both have the file'),
  ...rulesOption('file that says how it is decided'),
  ...COMPARISON_OPTIONS,
};

type MicroOptions = Values<typeof OPTIONS>;

async function micro(options: MicroOptions, io: Io, signal: AbortSignal): Promise<number> {
  if (!comparesBuilds(options)) return await runOnce(options, io, signal);
  const config = await readDuetConfig(options.rules);
  const environment = readEnvironment();
  const { arranged, cores } = await arrangeHere(options.arrangement, environment.identity);
  const { builds: made, file } = await buildsFor(options, teller(io, options.quiet), signal);
  await using builds = made;
  const subjects = [microSubject(file, arranged)];
  return await compareBuilds({ builds, subjects, config, cores, environment, options }, io, signal);
}

/** @throws UsageError for half a comparison */
function comparesBuilds({ base, baseDir, headDir }: MicroOptions): boolean {
  if ((baseDir === undefined) !== (headDir === undefined) || (baseDir !== undefined && base !== undefined)) {
    throw new UsageError('To compare two folders, give both --base-dir and --head-dir, and no --base.');
  }
  return base !== undefined || baseDir !== undefined;
}

/** @returns the builds, and where the file lies in each */
async function buildsFor(
  { file, base, head, baseDir, headDir }: MicroOptions,
  onStep: (text: string) => void,
  signal: AbortSignal,
): Promise<{ readonly builds: Builds; readonly file: string }> {
  if (baseDir !== undefined && headDir !== undefined)
    return { builds: buildsOfFolders({ base: baseDir, head: headDir }, file), file };
  const { repository, path } = await repositoryOf(file);
  const request = { repository, base: base ?? '', head, native: false, measured: [''], file: path, onStep };
  return { builds: await buildsOfRevisions(request, signal), file: path };
}

/** Runs every benchmark of this checkout, and prints their medians. */
async function runOnce({ file, format }: MicroOptions, io: Io, signal: AbortSignal): Promise<number> {
  if (!existsSync(file)) throw new UsageError(`There is no ${file}.`);
  await using rig = openRig();
  const here = { root: resolve('.'), node: process.execPath };
  await using benchmarks = await startMicro(rig, 'micro', here, relative('.', file), signal);
  await microRound(benchmarks, { ms: TABLE_MS }, signal);
  const times = await microRound(benchmarks, { ms: TABLE_MS }, signal);
  io.out(format === 'json' ? jsonText(times) : asTable(times));
  return EXIT.ok;
}

function asTable(times: MicroTimes): string {
  return table(
    ['benchmark', 'median of a call'],
    Object.entries(times).map(([name, time]) => [
      name,
      typeof time === 'number' ? nanoseconds(time) : `it fails: ${time}`,
    ]),
  );
}

function nanoseconds(ns: number): string {
  return ns < 1000 ? `${ns.toPrecision(3)} ns` : formatDuration(ns / 1e6, 3);
}

export const microCommand = command({
  usage: 'micro <file>',
  describe: 'run a file of tinybench benchmarks, or compare them between two builds',
  examples: [
    ['micro bench/parser.bench.ts', 'the median of each benchmark of this checkout'],
    ['micro bench/parser.bench.ts --base origin/main', 'is HEAD slower than the main branch?'],
    ['micro bench/parser.bench.js --base-dir ../old --head-dir .', 'two builds that are there already'],
  ],
  options: OPTIONS,
  run: micro,
});
