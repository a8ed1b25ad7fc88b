/** `holdfast lab truth`: what Holdfast shows of servers whose behaviour is known. */
import { formatPercent, formatValue } from '../../analysis/text/format.ts';
import { table } from '../../analysis/text/table.ts';
import { EXIT, UsageError, didYouMean } from '../../errors.ts';
import { KNOWN_TRUTHS, type KnownTruth } from '../../lab/truth/cases.ts';
import type { Compared } from '../../lab/truth/compare.ts';
import { answerOf, measureTruth, type MeasuredTruth } from '../../lab/truth/measure.ts';
import { jsonText } from '../../results/files.ts';
import { openRig } from '../../rig/rig.ts';
import { command } from '../command.ts';
import { liveLine, type Io } from '../io.ts';
import { list, positional, whole, type Values } from '../options/option.ts';
import { TABLE_FORMAT } from '../options/shared.ts';
import { equalRuns } from './equal.ts';

const OPTIONS = {
  names: positional(list(`known truths (default: all): ${KNOWN_TRUTHS.map(({ name }) => name).join(', ')}`)),
  equal: whole('instead: runs of one server under six names, about three minutes each', 1, 1000),
  slower: whole('with --equal: one of the six is so many per cent slower', 0, 1000, 0),
  ...TABLE_FORMAT,
};

/** The answer of each figure, as the table has it. */
const MARKS = { true: 'ok', 'not resolvable': 'not resolvable', false: 'FALSE' } as const;

async function truth(
  { names, equal, slower, format }: Values<typeof OPTIONS>,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  if (equal !== undefined) {
    if (names.length > 0)
      throw new UsageError(`--equal: it measures runs of its own; leave out ${names.join(' ')}.`);
    return await equalRuns({ runs: equal, slower: slower / 100, format }, io, signal);
  }
  if (slower > 0) throw new UsageError('--slower: give --equal with it, such as --equal 3.');
  const wanted = truthsOf(names);
  const measured: MeasuredTruth[] = [];
  await using rig = openRig();
  const setting = { rig, backend: rig.loadBackend(), signal };
  for (const [i, known] of wanted.entries()) {
    liveLine(io, `  ${i + 1}/${wanted.length}: ${known.name}`);
    measured.push(await measureTruth(known, setting));
  }
  liveLine(io, '');
  io.out(format === 'json' ? jsonText({ schema: 1, truths: measured }) : truthText(measured));
  return measured.some((each) => answerOf(each) === 'false') ? EXIT.failed : EXIT.ok;
}

/** @throws UsageError for a name that there is not */
function truthsOf(names: readonly string[]): readonly KnownTruth[] {
  const known = KNOWN_TRUTHS.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`truth: there is no known truth "${unknown}"${didYouMean(unknown, known)}`);
  return KNOWN_TRUTHS.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** Every figure beside its truth; then what is to be said of those that differ. */
export function truthText(measured: readonly MeasuredTruth[]): string {
  const rows = measured.flatMap(({ name, figures, failure }) =>
    failure === null
      ? figures.map((figure, i) => [i === 0 ? name : '', ...cellsOf(figure)])
      : [[name, '', '', '', '', MARKS.false]],
  );
  const notes = measured.flatMap(({ name, title, figures, failure }) => [
    ...(failure === null ? [] : [`${name}: the server that ${title} was not measured. ${failure}\n`]),
    ...figures.flatMap(({ what, reason }) => (reason === null ? [] : [`${name}, ${what}: ${reason}\n`])),
  ]);
  const figures = measured.flatMap((each) => each.figures);
  const counted = (answer: Compared['answer']): number =>
    figures.filter((figure) => figure.answer === answer).length;
  const failed = measured.filter(({ failure }) => failure !== null).length;
  return [
    table(['known truth', 'figure', 'shown', 'truth', 'off', ''], rows),
    notes.length > 0 ? `\n${notes.join('')}` : '',
    `\n${counted('true')} of ${figures.length} figures are true, ${counted('not resolvable')} not resolvable, ${counted('false')} false`,
    `${failed > 0 ? `; ${failed} of ${measured.length} truths could not be measured` : ''}.\n`,
  ].join('');
}

function cellsOf({ what, unit, shown, truth, answer }: Compared): readonly string[] {
  const off = shown === null || truth === 0 ? '' : formatPercent(Math.abs(shown / truth - 1), 2);
  return [what, formatValue(shown, unit), formatValue(truth, unit), off, MARKS[answer]];
}

export const truthCommand = command({
  usage: 'truth [names..]',
  describe: 'hold every figure against a server of known behaviour',
  examples: [
    ['lab truth', 'every known truth, in about two minutes'],
    ['lab truth delay cpu-in-child', 'two of them'],
    ['lab truth --equal 3', 'three runs of one server under six names: no order of them is true'],
    ['lab truth --equal 3 --slower 20', 'the same with one that is 20 % slower, which they must find'],
  ],
  options: OPTIONS,
  run: truth,
});
