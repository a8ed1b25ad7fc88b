/** `holdfast verdict-check`: how often the verdict of a duet is wrong, measured on duets whose answer is known. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatPercent } from '../analysis/format.ts';
import type { Rate } from '../analysis/statistics/clopper-pearson.ts';
import { arrangementWish, launcherOf, openApparatus, type OpenApparatus } from '../duet/apparatus.ts';
import { buildDuetPlan, type DuetRequest } from '../duet/build-plan.ts';
import { CALIBRATION_LAUNCHES, dragFor, TRIED_DRAG } from '../duet/check/calibration.ts';
import { checkCases, type CheckCase } from '../duet/check/cases.ts';
import { findingsOf, type Finding } from '../duet/check/findings.ts';
import { readCheck, type CheckedDuet, type CheckHeader } from '../duet/check/journal.ts';
import { readDuetConfig, type DuetConfig } from '../duet/config.ts';
import type { DuetPlan, ServerSubject } from '../duet/plan.ts';
import { runDuet, type DuetCourse } from '../duet/procedure.ts';
import { subjectsOfRevisions } from '../duet/resolve.ts';
import { gateSamples } from '../duet/samples.ts';
import { familyOf } from '../duet/subjects.ts';
import { EXIT, UnfitError, UsageError } from '../errors.ts';
import { readEnvironment } from '../observe/environment.ts';
import { Journal, writeFileDurably } from '../results/files.ts';
import { sha256 } from '../results/read.ts';
import { formatDuration } from '../scenario/duration.ts';
import { REPOSITORY } from './duet-options.ts';
import type { Io } from './io.ts';
import { command } from './options.ts';
import { jsonText } from './run-record.ts';
import { table } from '../text-table.ts';

interface CheckOptions {
  readonly same: number;
  readonly repetitions: number;
  readonly effects: string;
  readonly server: string;
  readonly rules: string;
  readonly out: string;
  readonly quiet: boolean;
}

/** What all duets of a check share. */
interface Check {
  readonly subject: ServerSubject;
  readonly config: DuetConfig;
  readonly gates: DuetPlan['gates'];
  readonly apparatus: OpenApparatus;
  readonly signal: AbortSignal;
}

async function verdictCheck(options: CheckOptions, io: Io, signal: AbortSignal): Promise<number> {
  const tell = options.quiet ? () => {} : (text: string) => io.err(`${text}\n`);
  const counts = { same: options.same, repetitions: options.repetitions };
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isInteger(count) || count < 0 || count > 1000) {
      throw new UsageError(`--${name}: give a whole number from 0 to 1000.`);
    }
  }
  const cases = checkCases({ ...counts, effects: effectsFrom(options.effects) });
  const rules = await readDuetConfig(options.rules);
  const config: DuetConfig = { ...rules, servers: [options.server], scenario: 'echo', set: [], micro: false };
  const wish = await arrangementWish('side-by-side', readEnvironment().identity);
  const [subject] = (await subjectsOfRevisions(config, REPOSITORY, wish)).subjects;
  if (subject?.kind !== 'server' || !options.server.startsWith('ts-')) {
    throw new UsageError(
      `--server ${options.server}: the drag that is injected is a parameter of the echo service in TypeScript; name such a server.`,
    );
  }
  const { gates } = familyOf([subject], config, new Set());
  if (gates[0]?.metric.id !== 'cpu-per-exchange') {
    throw new UsageError(
      `${options.rules}: the first gate must be cpu-per-exchange, since that is what is slowed down.`,
    );
  }

  const folder = resolve(options.out);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'duets.jsonl');
  const key = sha256(JSON.stringify({ config, TRIED_DRAG }));
  const before = await readCheck(path, key);
  await using apparatus = openApparatus(folder, config.timing, wish.pair);
  const check: Check = { subject, config, gates, apparatus, signal };
  using journal = new Journal(path);
  let { header } = before;
  if (!header) {
    tell(`calibrating: ${CALIBRATION_LAUNCHES} launches with a known drag`);
    header = { schema: 1, kind: 'calibration', key, d: await calibrate(check) } satisfies CheckHeader;
    journal.append(header);
  }
  const duets = [...before.duets];
  const done = new Set(duets.map(({ effect, repetition }) => `${effect}/${repetition}`));
  for (const each of cases) {
    if (done.has(`${each.effect}/${each.repetition}`)) continue;
    const drag = each.effect === 0 ? 0 : dragFor(header.d, each.effect);
    const duet = await duetOf(each, drag, check);
    if (!duet) break;
    journal.append(duet);
    duets.push(duet);
    tell(
      `${duets.length}/${cases.length} ${nameOf(each.effect)}: ${duet.verdict} after ${duet.launches} launches, ${formatDuration(duet.tookMs)}`,
    );
  }
  const findings = findingsOf(duets, gates, config.rule);
  writeFileDurably(join(folder, 'findings.json'), jsonText(findings));
  io.out(findings.length > 0 ? describe(findings) : 'No duet was finished.\n');
  return EXIT.ok;
}

/** Launches with the tried drag against none. @returns ln of CPU per exchange, one a launch */
async function calibrate(check: Check): Promise<readonly number[]> {
  const rule = { ...check.config.rule, looks: [{ launches: CALIBRATION_LAUNCHES, alpha: 0.01 }] };
  const plan = planOf(check, { seed: 0, rule, drag: TRIED_DRAG });
  const course = await run(plan, check);
  check.signal.throwIfAborted();
  const [cpu] = gateSamples(plan, course.records, 'head', CALIBRATION_LAUNCHES, course.obstacles);
  if (!cpu || cpu.invalid !== undefined || !cpu.d.every(Number.isFinite)) {
    throw new UnfitError(
      `The check could not be calibrated: ${cpu?.invalid ?? 'CPU per exchange was not measured'}.`,
    );
  }
  return cpu.d;
}

/** Makes one duet of the check. @returns undefined when stopped */
async function duetOf(
  { effect, repetition }: CheckCase,
  drag: number,
  check: Check,
): Promise<CheckedDuet | undefined> {
  const begin = performance.now();
  const seed = Math.round(effect * 1000) * 10_000 + repetition;
  const plan = planOf(check, { seed, rule: check.config.rule, drag });
  const course = await run(plan, check);
  const last = course.looks.at(-1);
  if (course.aborted || !last) return undefined;
  return {
    schema: 1,
    kind: 'duet',
    effect,
    repetition,
    verdict: last.decision.verdict,
    gates: last.decision.gates.map((gate, i) => ({
      name: gate.name,
      verdict: gate.verdict,
      effect: gate.evidence?.effect ?? null,
      d: (gateSamples(plan, course.records, 'head', last.launches)[i]?.d ?? []).filter(Number.isFinite),
    })),
    launches: last.launches,
    tookMs: performance.now() - begin,
  };
}

async function run(plan: DuetPlan, { apparatus, signal }: Check): Promise<DuetCourse> {
  return await runDuet(
    {
      plan,
      measure: launcherOf({ place: () => ({ base: HERE, other: HERE }) }, apparatus, signal),
      journal: { append: () => {} },
      onEvent: () => {},
      now: () => performance.now(),
    },
    signal,
  );
}

/** Both sides run from this checkout; they differ in the drag only. */
const HERE = { root: REPOSITORY, node: process.execPath };

/** No control: it can only turn verdicts into "invalid", and would double the time. */
function planOf(
  { subject, config, gates }: Check,
  { seed, rule, drag }: Pick<DuetRequest, 'seed' | 'rule'> & { readonly drag: number },
): DuetPlan {
  const { base } = subject.commands;
  const head = drag === 0 ? base : [...base, '--set', `drag=${drag}`];
  return buildDuetPlan({
    seed,
    base: { kind: 'command', command: base.join(' '), contentHash: null },
    head: { kind: 'command', command: head.join(' '), contentHash: null },
    // An A/A is judged like any other: its alarms are what is counted.
    identical: false,
    control: false,
    rule,
    timing: config.timing,
    subjects: [{ ...subject, commands: { base, head } }],
    gates,
  });
}

function describe(findings: readonly Finding[]): string {
  const rows = findings.map(({ effect, real, declaredSafe, meanLaunches, longestMs, simulated }) => [
    nameOf(effect),
    `${real.count} of ${real.of}`,
    rateText(real),
    simulated ? rateText(simulated) : 'too few A/A launches',
    String(declaredSafe),
    meanLaunches.toFixed(1),
    formatDuration(longestMs),
  ]);
  return table(
    [
      'injected',
      'regressions',
      'real rate (95 %)',
      'simulated rate (95 %)',
      'no change',
      'launches',
      'longest',
    ],
    rows,
  );
}

function rateText({ rate, interval }: Rate): string {
  return `${formatPercent(rate)} (${formatPercent(interval.low)} to ${formatPercent(interval.high)})`;
}

function nameOf(effect: number): string {
  return effect === 0 ? 'nothing (A/A)' : `+${formatPercent(effect)} CPU`;
}

function effectsFrom(text: string): number[] {
  const effects = text
    .split(',')
    .filter(Boolean)
    .map((part) => Number(part.replace(/%$/, '')) / 100);
  if (effects.some((effect) => !(effect > 0 && effect <= 1))) {
    throw new UsageError(`--effects ${text}: give percentages, such as 3,5,10.`);
  }
  return effects;
}

export const verdictCheckCommand = command<CheckOptions>({
  usage: 'verdict-check',
  describe: 'measure how often the verdict of a duet is wrong here, on duets whose answer is known',
  examples: [
    ['verdict-check', '20 A/A duets, and 10 each with 3, 5 and 10 % more CPU per exchange'],
    [
      'verdict-check --same 2 --repetitions 1',
      'a few, to see that it works; say it again with more to go on',
    ],
  ],
  options: (yargs) =>
    yargs.options({
      same: { type: 'number', default: 20, describe: 'A/A duets' },
      repetitions: { type: 'number', default: 10, describe: 'duets of each slow-down' },
      effects: { type: 'string', default: '3,5,10', describe: 'slow-downs, in per cent of CPU per exchange' },
      server: { type: 'string', default: 'ts-loop', describe: 'the server that is slowed down' },
      rules: {
        type: 'string',
        default: join(REPOSITORY, 'holdfast.duet.json'),
        defaultDescription: 'holdfast.duet.json',
        describe: 'how it is decided',
      },
      out: {
        type: 'string',
        default: 'results/verdict-check',
        describe: 'folder that keeps what was found; a check goes on there',
      },
      quiet: { type: 'boolean', default: false, describe: 'no progress' },
    }),
  run: verdictCheck,
});
