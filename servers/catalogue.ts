/** Every server variant, in both languages. Reading it starts nothing and loads nothing of the servers themselves. */
import type { Variant } from './variant.ts';
import { C_VARIANTS } from './variants-c.ts';
import { TS_VARIANTS } from './variants-ts.ts';

export const CATALOGUE: readonly Variant[] = [...TS_VARIANTS, ...C_VARIANTS];

/** @returns undefined when there is no variant of that name */
export function findVariant(name: string): Variant | undefined {
  return CATALOGUE.find((variant) => variant.name === name);
}
