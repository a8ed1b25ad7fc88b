/** Two runs compared, cell by cell. Pure, and advisory: it never ends in a verdict. */
import { UnfitError } from '../../errors.ts';
import { identityMismatch } from '../../observe/machine/identity-mismatch.ts';
import { type Run, socketsOf } from '../../results/run.ts';
import { comparableCells } from './comparable.ts';
import { effectsOf } from './compare-cells.ts';
import type { Arm, Comparison } from '../../results/schema/comparison.ts';
import { gatingMetrics } from '../cells/cell-trials.ts';
import { counted } from '../text/phrases.ts';

export interface CompareOptions {
  /** Compare although the environments differ; the comparison says so. */
  readonly force: boolean;
}

const ADVISORY =
  'This comparison is advisory: the two runs were made at different times, and the machine may have changed between ' +
  'them by more than the servers did. It is not a verdict; for one, measure both builds together with holdfast duet.';

/**
 * Compares what both runs measured alike: the same server, scenario (with the same parameters) and number of clients,
 * over the metrics that gate.
 *
 * @param base the run that is compared against
 * @throws UnfitError when the runs were made in different environments and `force` is not set
 */
export function compareRuns(base: Run, head: Run, { force }: CompareOptions): Comparison {
  const differences = [
    ...identityMismatch(base.environment.identity, head.environment.identity),
    ...socketsMismatch(base, head),
  ];
  if (differences.length > 0 && !force) {
    throw new UnfitError(
      `Runs ${base.manifest.id} and ${head.manifest.id} were made in different environments (${differences.join('; ')}). ` +
        'Make both in the same environment, or compare them anyway with --force.',
    );
  }
  const { scenarios, pairs, notCompared } = comparableCells(base, head);
  const effects = effectsOf(pairs);
  const metrics = scenarios.flatMap(gatingMetrics);
  return {
    schema: 1,
    kind: 'runs',
    base: armOf(base),
    head: armOf(head),
    environmentDifferences: differences,
    forced: differences.length > 0,
    remarks: [ADVISORY, ...remarksOf(base, head, differences)],
    metrics: [...new Map(metrics.map((metric) => [metric.id, metric])).values()],
    effects: effects.compared,
    notCompared: [...notCompared, ...effects.notCompared],
  };
}

function armOf({ manifest }: Run): Arm {
  return { label: manifest.id, toolVersion: manifest.toolVersion, startedAt: manifest.startedAt };
}

function remarksOf(base: Run, head: Run, differences: readonly string[]): string[] {
  const remarks: string[] = [];
  if (differences.length > 0) {
    remarks.push(
      `Forced: the environments differ in ${counted(differences.length, 'point')}, and any difference below may be theirs.`,
    );
  }
  if (base.manifest.toolVersion !== head.manifest.toolVersion) {
    remarks.push(
      `The runs were made by Holdfast ${base.manifest.toolVersion} and ${head.manifest.toolVersion}; what is measured may have changed.`,
    );
  }
  for (const { manifest } of [base, head]) {
    if (manifest.status !== 'complete')
      remarks.push(`Run ${manifest.id} is not complete (${manifest.status}).`);
  }
  return remarks;
}

/**
 * In what code carried the clients' connections, which is what a message costs the generator; nothing where one run does
 * not say (an older version).
 */
function socketsMismatch(base: Run, head: Run): readonly string[] {
  const [a, b] = [socketsOf(base), socketsOf(head)];
  return a === '' || b === '' || a === b ? [] : [`sockets of the generators: "${a}" against "${b}"`];
}
