/** `holdfast lab truth --equal`: whether runs of one server under six names tell it from itself. */
import { formatPercent } from '../../analysis/text/format.ts';
import { EXIT } from '../../errors.ts';
import { planEqual, toldBy, type Told } from '../../lab/truth/equal.ts';
import { measureRun } from '../../lab/truth/run.ts';
import { jsonText } from '../../results/files.ts';
import { openRig } from '../../rig/rig.ts';
import { liveLine, type Io } from '../io.ts';

/** So many runs in a hundred may order equal servers, by the rule of the order. */
const FALSE_SHARE = 0.05;
/** So many may miss a difference that they say they can tell. */
const MISSED_SHARE = 0.2;

export interface EqualRuns {
  readonly runs: number;
  /** How much slower the sixth server is, as a ratio; 0: all are equal. */
  readonly slower: number;
  readonly format: 'text' | 'json';
}

/** Makes them, and says of each as text what it told. @returns 1 where too many were false or did not find the slower one */
export async function equalRuns(
  { runs, slower, format }: EqualRuns,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  await using rig = openRig();
  const setting = { rig, backend: rig.loadBackend(), signal };
  const told: Told[] = [];
  for (let run = 1; run <= runs; run += 1) {
    const plan = await planEqual(slower, run);
    const { summary } = await measureRun(plan, setting, ({ done, total }) =>
      liveLine(io, `  run ${run} of ${runs}, ${done}/${total} trials`),
    );
    const one = toldBy(summary, plan.scenarios[0]?.headline ?? '', slower);
    told.push(one);
    liveLine(io, '');
    if (format === 'text') io.out(`${describeRun(run, one, slower)}\n`);
  }
  const wrong = told.filter(({ falsely }) => falsely.length > 0).length;
  const found = told.filter((one) => one.found).length;
  const finding =
    slower > 0 ? `; ${found} of ${runs} found the one that is ${formatPercent(slower)} slower` : '';
  io.out(
    format === 'json'
      ? jsonText({ schema: 1, slower, runs: told })
      : `\n${wrong} of ${runs} runs told equal servers apart${finding}.\n`,
  );
  const isFalse = wrong > Math.ceil(FALSE_SHARE * runs);
  const missed = told.filter((one) => !one.found && one.tellsFrom !== null && one.tellsFrom <= 1 + slower);
  const isBlind = slower > 0 && missed.length > MISSED_SHARE * runs;
  return isFalse || isBlind ? EXIT.failed : EXIT.ok;
}

export function describeRun(run: number, { falsely, found, tellsFrom }: Told, slower: number): string {
  const resolution =
    tellsFrom === null
      ? '; but nothing could be compared'
      : `; it can tell from ${formatPercent(tellsFrom - 1, 2)} on`;
  const finding = slower === 0 ? '' : `; the slower server is ${found ? 'found' : 'not found'}`;
  const count = falsely.length === 0 ? 'no equal servers are told apart' : 'equal servers are told apart';
  return [`run ${run}: ${count}${finding}${resolution}`, ...falsely.map((text) => `  ${text}`)].join('\n');
}
