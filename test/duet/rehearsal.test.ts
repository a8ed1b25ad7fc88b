import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rehearse } from '../../harness/duet/planning/rehearsal.ts';
import type { LaunchOutcome } from '../../harness/results/schema/duet-plan.ts';
import { EXIT, HoldfastError, UnfitError } from '../../harness/errors.ts';
import { outcomeOf, SERVER } from './fixture.ts';

const stalled: LaunchOutcome = { status: 'failed', arm: 'head', reason: 'It stalled.' };

describe('a rehearsal', () => {
  it('forgives one launch that fails, and says so', async () => {
    let made = 0;
    const said = await rehearse(SERVER, (launch) =>
      Promise.resolve(made++ === 0 ? stalled : outcomeOf(launch, () => ({}))),
    );
    assert.equal(made, 2);
    assert.equal(said, 'Rehearsing loop, a launch failed (the head), which is not counted: It stalled.');
  });

  it('of a build that fails again is an error that names the arm and the reason', async () => {
    await assert.rejects(
      rehearse(SERVER, () => Promise.resolve(stalled)),
      (error: unknown) => {
        assert.ok(error instanceof HoldfastError);
        assert.equal(error.exitCode, EXIT.failed);
        assert.match(error.message, /The head cannot be measured as loop\. It stalled\./);
        return true;
      },
    );
    for (const arm of ['base', 'both'] as const)
      await assert.rejects(
        rehearse(SERVER, () => Promise.resolve({ ...stalled, arm })),
        UnfitError,
      );
  });
});
