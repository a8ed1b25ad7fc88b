/** The whole examination: what the machine is, then what can be measured on it. */
import type { Check, Finding } from './finding.ts';
import { LIMITS } from './checks/limits.ts';
import { STATE } from './checks/state.ts';
import { TOOLS } from './checks/tools.ts';
import { readFacts } from './facts.ts';
import { openRig } from '../rig/rig.ts';
import type { Measuring } from '../lab/truth/run.ts';
import { judgeCeilings, measureCeilings } from './measured/ceiling.ts';
import { checkKnownTruths } from './measured/known-truths.ts';

/** How long the machine is looked at, in ms. */
const LOOK_MS = 1000;

/** The checks of the machine, in the order in which they are shown. */
export const MACHINE_CHECKS: readonly Check[] = [...LIMITS, ...STATE, ...TOOLS];

/** The measurements: what is said before each, and what it finds. */
const MEASUREMENTS: Readonly<Record<string, (measuring: Measuring) => Promise<readonly Finding[]>>> = {
  'what one generator can do': async (measuring) => judgeCeilings(await measureCeilings(measuring)),
  'servers of known behaviour': checkKnownTruths,
};

export interface Examination {
  /** Look at the machine only; measure nothing. */
  readonly quick: boolean;
  readonly onProgress: (what: string) => void;
}

/**
 * Examines this machine: about 1 s, and 15 to 20 s with the measurements.
 *
 * @throws UnfitError when a server of the doctor's cannot be started; the signal's reason when aborted
 */
export async function examine(
  { quick, onProgress }: Examination,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  try {
    onProgress('the machine');
    const facts = await readFacts(LOOK_MS, signal);
    const findings = MACHINE_CHECKS.map((check) => check(facts));
    if (quick) return findings;
    await using rig = openRig();
    const measuring = { rig, backend: rig.loadBackend(), signal };
    for (const [what, run] of Object.entries(MEASUREMENTS)) {
      onProgress(what);
      findings.push(...(await run(measuring)));
    }
    return findings;
  } catch (error) {
    // A timer that is aborted throws an error of its own.
    signal.throwIfAborted();
    throw error;
  }
}
