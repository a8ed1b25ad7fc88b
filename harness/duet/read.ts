/** Reading what a duet has on disk: its rules, and what came out of it. */
import { existsSync } from 'node:fs';
import { UsageError } from '../errors.ts';
import { readDocument, readHandwritten } from '../results/document.ts';
import type { RunManifest } from '../results/schema/run.ts';
import type { RunFolder } from '../results/folder.ts';
import type { DuetComparison } from '../results/schema/comparison.ts';
import type { DuetConfig } from '../results/schema/duet-config.ts';

/**
 * Reads `holdfast.duet.json`: what is compared and how it is decided.
 *
 * @throws UsageError that names the file and the place in it
 */
export async function readDuetConfig(path: string): Promise<DuetConfig> {
  const { duetConfigSchema } = await import('../results/schema/duet-config.ts');
  return readHandwritten(path, duetConfigSchema, {
    name: 'configuration',
    remedy: 'Name another with --rules, or restore it',
    docs: 'docs/duet.md',
  });
}

/** A duet that was judged. */
export interface StoredDuet {
  readonly manifest: RunManifest;
  readonly comparison: DuetComparison;
}

/** Whether a folder holds a duet rather than a run: it has launches instead of trials. */
export function holdsDuet({ launches }: RunFolder): boolean {
  return existsSync(launches);
}

/**
 * @throws UsageError where it was ended before it was judged
 * @throws UnfitError that names the file and the place in it
 */
export async function readDuet(folder: RunFolder): Promise<StoredDuet> {
  if (!existsSync(folder.comparison)) {
    throw new UsageError(
      `The duet in ${folder.path} ended before it was judged and has no comparison.json. Measure it again.`,
    );
  }
  const [{ runManifestSchema }, { duetComparisonSchema }] = await Promise.all([
    import('../results/schema/run.ts'),
    import('../results/schema/comparison.ts'),
  ]);
  return {
    manifest: readDocument(folder.manifest, runManifestSchema),
    comparison: readDocument(folder.comparison, duetComparisonSchema),
  };
}
