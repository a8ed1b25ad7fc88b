/** `holdfast lab verdict`: how often the verdict of a duet is wrong, measured on duets whose answer is known. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { launcherOf } from '../../duet/launch/launcher.ts';
import { openDuetRig } from '../../duet/launch/rig.ts';
import { arrangeHere, type Arranged } from '../../duet/planning/arrange.ts';
import { checkCases, remainingCases, timeLeftMs } from '../../lab/verdict/cases.ts';
import { findingsOf } from '../../lab/verdict/findings.ts';
import { readCheck } from '../../lab/verdict/journal.ts';
import { readDuetConfig } from '../../duet/read.ts';
import type { CheckHeader } from '../../results/schema/verdict-check.ts';
import type { DuetConfig } from '../../results/schema/duet-config.ts';
import type { PlannedGate, ServerSubject } from '../../results/schema/duet-plan.ts';
import {
  calibrate,
  CALIBRATION_LAUNCHES,
  knownDuet,
  slowdownFor,
  TRIED_SLOWDOWN,
  type CheckSetting,
} from '../../lab/verdict/known-duets.ts';
import { subjectsOfRevisions } from '../../duet/planning/resolve.ts';
import { familyOf } from '../../duet/planning/subjects.ts';
import { EXIT, UsageError } from '../../errors.ts';
import { readEnvironment } from '../../observe/machine/environment.ts';
import { jsonText, sha256, writeFileDurably } from '../../results/files.ts';
import { Journal } from '../../results/journal.ts';
import { lockFolder } from '../../results/lock.ts';
import { hashServer } from '../../rig/server-hash.ts';
import { REPOSITORY, rulesOption } from '../options/duet-options.ts';
import { estimateMs } from '../text/duet-progress.ts';
import { liveLine, type Io } from '../io.ts';
import { command } from '../command.ts';
import { teller } from '../compare-builds.ts';
import { commaSeparated, parsed, text, whole, type Values } from '../options/option.ts';
import { QUIET } from '../options/shared.ts';
import { describeFindings, drawDuet, duetLine, nameOf } from './verdict-text.ts';

const OPTIONS = {
  same: whole('number of A/A duets', 0, 1000, 20),
  repetitions: whole('duets of each slowdown', 0, 1000, 10),
  effects: parsed(effectsFrom, 'slowdowns, in per cent of CPU per exchange', '3,5,10'),
  server: text('server to slow down', 'ts-loop'),
  ...rulesOption('file that says how it is decided'),
  out: text('folder for the results; a later check continues there', 'results/verdict-check'),
  ...QUIET,
};

type CheckOptions = Values<typeof OPTIONS>;

async function verdictCheck(options: CheckOptions, io: Io, signal: AbortSignal): Promise<number> {
  const tell = teller(io, options.quiet);
  const cases = checkCases(options);
  const rules = await readDuetConfig(options.rules);
  const config: DuetConfig = { ...rules, servers: [options.server], scenario: 'echo', set: [], micro: false };
  const { arranged, cores } = await arrangeHere('exchange', readEnvironment().identity);
  const { subject, gates } = await subjectOf(config, options, arranged);

  const folder = resolve(options.out);
  mkdirSync(folder, { recursive: true });
  await using stack = new AsyncDisposableStack();
  stack.use(await lockFolder(folder));
  const path = join(folder, 'duets.jsonl');
  const before = await readCheck(path, keyOf(config, subject));
  await using rig = openDuetRig(folder, config.timing, cores);
  const measure = launcherOf({ place: () => ({ base: HERE, head: HERE }) }, rig, signal);
  const { rule, timing } = config;
  const setting: CheckSetting = { subject, rule, timing, gates, measure };
  using journal = new Journal(path);
  let { header } = before;
  if (!header) {
    tell(`calibrating: ${CALIBRATION_LAUNCHES} launches with a known slowdown`);
    const d = await calibrate(setting, signal);
    header = { schema: 1, kind: 'calibration', key: keyOf(config, subject), d } satisfies CheckHeader;
    journal.append(header);
  }
  const duets = [...before.duets];
  const wanted = remainingCases(cases, duets);
  if (duets.length > 0) tell(`continuing after ${duets.length} duets in ${path}`);
  const firstAnalysisMs = estimateMs(timing, [subject], rule.analyses[0]?.launches ?? 0);
  const progress = (from: number) => ({
    made: cases.length - wanted.length + from,
    of: cases.length,
    leftMs: timeLeftMs(wanted.slice(from), duets, firstAnalysisMs),
  });
  for (const [i, each] of wanted.entries()) {
    const slowdown = slowdownFor(header.d, each.effect);
    const onEvent = options.quiet ? () => {} : drawDuet(io, nameOf(each.effect), progress(i));
    const duet = await knownDuet(each, slowdown, setting, onEvent, signal);
    if (!options.quiet) liveLine(io, '');
    if (!duet) break;
    journal.append(duet);
    duets.push(duet);
    tell(duetLine(duet, progress(i + 1)));
  }
  if (signal.aborted)
    tell('stopped: the duet that was under way is lost; the same command continues after the others');
  const findings = findingsOf(duets, gates, rule);
  writeFileDurably(join(folder, 'findings.json'), jsonText(findings));
  io.out(describeFindings(findings));
  return EXIT.ok;
}

/** Both arms run from this checkout; they differ in the injected slowdown only. */
const HERE = { root: REPOSITORY, node: process.execPath };

/** @throws UsageError for a server without a slowdown, and for rules that do not judge what is made worse */
async function subjectOf(
  config: DuetConfig,
  { server, rules }: CheckOptions,
  arranged: Arranged,
): Promise<{ readonly subject: ServerSubject; readonly gates: readonly PlannedGate[] }> {
  const [subject] = (await subjectsOfRevisions(config, REPOSITORY, arranged)).subjects;
  if (subject?.kind !== 'server' || !server.startsWith('ts-')) {
    throw new UsageError(
      `--server ${server}: the slowdown is a parameter of the echo service in TypeScript; name such a server.`,
    );
  }
  const { gates } = familyOf([subject], config);
  if (gates[0]?.metric.id !== 'cpu-per-exchange') {
    throw new UsageError(
      `${rules}: the first gate must be cpu-per-exchange, because CPU per exchange is what the injected slowdown raises.`,
    );
  }
  return { subject, gates };
}

/** What the duets of one check have in common: rules, slowdown, and every source of server and harness. */
function keyOf(config: DuetConfig, { commands }: ServerSubject): string {
  const sources = hashServer({
    commands: {
      server: commands.base.map((part) => part.replaceAll('{root}', REPOSITORY)),
      harness: [process.execPath, join(REPOSITORY, 'harness', 'main.ts')],
    },
  });
  return sha256(JSON.stringify({ config, TRIED_SLOWDOWN, sources }));
}

function effectsFrom(text: string): readonly number[] {
  const effects = commaSeparated(text).map((part) => Number(part.replace(/%$/, '')) / 100);
  if (effects.some((effect) => !(effect > 0 && effect <= 1))) {
    throw new UsageError(`--effects ${text}: give percentages, such as 3,5,10.`);
  }
  return effects;
}

export const verdictCommand = command({
  usage: 'verdict',
  describe:
    'measure how often the verdict of a duet is wrong on this machine, using duets whose answer is known',
  examples: [
    ['lab verdict', '20 A/A duets, and 10 each with 3, 5 and 10 % more CPU per exchange'],
    ['lab verdict --same 2 --repetitions 1', 'a few, to see that it works; say it again with more to go on'],
  ],
  options: OPTIONS,
  run: verdictCheck,
});
