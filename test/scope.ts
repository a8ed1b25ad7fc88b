/** How much is tried: `make test-all` (`node test/run.ts --all`) tries also what `make test` takes samples of. */
export const EXHAUSTIVE: boolean = process.env['TEST_SCOPE'] === 'all';
