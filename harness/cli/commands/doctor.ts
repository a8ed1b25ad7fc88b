/** `holdfast doctor`: whether this machine can measure, and how well. */
import { examine } from '../../doctor/examine.ts';
import type { Finding } from '../../doctor/finding.ts';
import { EXIT } from '../../errors.ts';
import { wrapped } from '../../analysis/text/visible.ts';
import type { Io } from '../io.ts';
import { command } from '../command.ts';
import { flag, type Values } from '../options/option.ts';
import { QUIET, TABLE_FORMAT } from '../options/shared.ts';
import { jsonText } from '../../results/files.ts';
import { table } from '../../analysis/text/table.ts';

const OPTIONS = { quick: flag('inspect the machine only; measure nothing'), ...TABLE_FORMAT, ...QUIET };

const MARKS = { ok: 'ok', warn: 'warn', fail: 'UNFIT' } as const;
const INDENT = '  ';

async function doctor(
  { quick, format, quiet }: Values<typeof OPTIONS>,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const findings = await examine(
    { quick, onProgress: (what) => void (quiet || io.err(`examining ${what} …\n`)) },
    signal,
  );
  const unfit = findings.some(({ status }) => status === 'fail');
  io.out(format === 'json' ? jsonText({ schema: 1, fit: !unfit, findings }) : describe(findings, io));
  return unfit ? EXIT.unfit : EXIT.ok;
}

/** The table of all findings; what each that is not ok means; a sentence to end with. */
function describe(findings: readonly Finding[], { columns }: Io): string {
  const rows = findings.map(({ id, status, figure }) => [id, MARKS[status], figure]);
  const notes = findings
    .filter(({ status }) => status !== 'ok')
    .map(({ id, message, advice }) => {
      const lines = wrapped(`${message} ${advice ?? ''}`.trim(), Math.min(80, columns) - INDENT.length);
      return `\n${id}:\n${lines.map((line) => `${INDENT}${line}\n`).join('')}`;
    });
  return `${table(['check', '', 'found'], rows)}${notes.join('')}\n${verdict(findings)}\n`;
}

function verdict(findings: readonly Finding[]): string {
  const unfit = findings.filter(({ status }) => status === 'fail').map(({ id }) => id);
  if (unfit.length > 0) return `Not fit to measure: ${unfit.join(', ')}.`;
  const doubtful = findings.filter(({ status }) => status === 'warn').length;
  return doubtful > 0
    ? 'Fit to measure, with the warnings above: small differences may not show.'
    : 'Fit to measure.';
}

export const doctorCommand = command({
  usage: 'doctor',
  describe: 'check whether this machine is fit to measure, and how accurate the load generator is on it',
  examples: [
    ['doctor', 'everything, in about 20 s'],
    ['doctor --quick', 'only its limits and activity, in about a second'],
    ['doctor --format json', 'for a script; exit code 3 where the machine is unfit'],
  ],
  options: OPTIONS,
  run: doctor,
});
