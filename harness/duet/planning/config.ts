/** Reading `holdfast.duet.json`: what is compared and how it is decided. */
import { readHandwritten } from '../../results/document.ts';
import type { DuetConfig } from '../../results/schema/duet-config.ts';

/** @throws UsageError that names the file and the place in it */
export async function readDuetConfig(path: string): Promise<DuetConfig> {
  const { duetConfigSchema } = await import('../../results/schema/duet-config.ts');
  return readHandwritten(path, duetConfigSchema, {
    name: 'configuration',
    remedy: 'Name another with --rules, or restore it',
    docs: 'docs/duet.md',
  });
}
