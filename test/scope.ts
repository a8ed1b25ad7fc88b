/** How much is tried: `make test-all` (`node test/run.ts --all`) tries also what `make test` takes samples of. */
export const EXHAUSTIVE: boolean = process.env['TEST_SCOPE'] === 'all';

/** The first few of what could be tried, or all of it. */
export function samples<T>(all: readonly T[], few: number): readonly T[] {
  return EXHAUSTIVE ? all : all.slice(0, few);
}
