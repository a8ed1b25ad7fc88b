/** Whether Holdfast shows what servers of known behaviour do: those known truths that take a few seconds. */
import { formatValue } from '../../analysis/text/format.ts';
import { KNOWN_TRUTHS } from '../../lab/truth/cases.ts';
import { missingKnownServer } from '../../lab/truth/known-server.ts';
import { answerOf, measureTruth, type MeasuredTruth } from '../../lab/truth/measure.ts';
import type { Measuring } from '../../lab/truth/run.ts';
import type { Finding } from '../finding.ts';

/** Measures them one after the other: about 10 s. */
export async function checkKnownTruths(measuring: Measuring): Promise<readonly Finding[]> {
  const missing = missingKnownServer();
  if (missing !== undefined) {
    return [{ id: 'known-truths', status: 'warn', figure: 'not measured', message: missing, advice: null }];
  }
  const findings: Finding[] = [];
  for (const known of KNOWN_TRUTHS.filter(({ quick }) => quick)) {
    findings.push(judgeTruth(await measureTruth(known, measuring)));
  }
  return findings;
}

const STATUS = { true: 'ok', 'not resolvable': 'warn', false: 'fail' } as const;
const ADVICE = {
  true: null,
  'not resolvable': 'Stop what else runs on this machine and ask again.',
  false: 'Figures of this kind are wrong here: "holdfast lab truth" measures more of them.',
} as const;

/** The verdict on one. */
export function judgeTruth(measured: MeasuredTruth): Finding {
  const { name, title, figures, failure } = measured;
  const answer = answerOf(measured);
  const shown = figures.map(({ what, unit, shown: value, truth }) => ({
    short: `${what} ${formatValue(value, unit)}`,
    long: `${what} ${formatValue(value, unit)} (the truth is ${formatValue(truth, unit)})`,
  }));
  const reasons = new Set(figures.flatMap(({ reason }) => reason ?? []));
  return {
    id: name,
    status: STATUS[answer],
    figure: failure === null ? (shown[0]?.short ?? '') : 'not measured',
    message:
      failure ??
      [`A server that ${title} showed ${shown.map(({ long }) => long).join(', ')}.`, ...reasons].join(' '),
    advice: ADVICE[answer],
  };
}
