import { test } from 'node:test';
import { findVariant } from '../../servers/catalogue.ts';
import { build } from './native/build.ts';

const native = build('all');

/** A test of one behaviour under one variant; skipped, and said so, where that variant cannot be built. */
export function under(name: string, behaviour: string, run: () => Promise<void>): void {
  test(`under ${name}, ${behaviour}`, (t) => {
    if (findVariant(name)?.language === 'c' && !native.ok) return t.skip(native.reason);
    return run();
  });
}
