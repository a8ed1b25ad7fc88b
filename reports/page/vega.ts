/**
 * Vega as the page has it: the global that its own script leaves, in place of the packages `vega` and `vega-util` when the
 * page's script is made (html/script.ts). Whatever is imported from them is named here.
 */
import type * as shipped from 'vega';

const { vega } = globalThis as unknown as { vega: typeof shipped & Record<string, never> };

export const { View, Warn, parse, scale } = vega;
export const { ascending, isString, DisallowedObjectProperties } = vega;
