/** Whether an interrupted run may go on: the same plan, the same machine, the same servers, the same generator. */
import { UnfitError, UsageError } from '../errors.ts';
import { identityMismatch } from '../observe/machine/identity-mismatch.ts';
import type { Environment } from '../results/schema/run.ts';
import { type Run, socketsOf } from '../results/run.ts';
import { socketKind } from '../load/sockets/open.ts';
import { hashServer } from '../rig/server-hash.ts';

/**
 * Refuses a run that cannot be continued.
 *
 * @throws UsageError when it is complete, UnfitError that says what differs
 */
export function checkResumable(run: Run, environment: Environment): void {
  if (run.manifest.status === 'complete') {
    throw new UsageError(
      `Run ${run.manifest.id} is complete: there is nothing to resume. "holdfast report" redraws its report.`,
    );
  }
  const differences = identityMismatch(run.environment.identity, environment.identity);
  if (differences.length > 0) {
    throw new UnfitError(
      `Run ${run.manifest.id} was begun in another environment (${differences.join('; ')}). Start a new run: ` +
        'figures of both would not compare.',
    );
  }
  const changed = run.plan.servers
    .filter((server) => hashServer(server) !== run.manifest.serverHashes[server.name])
    .map(({ name }) => name);
  if (changed.length > 0) {
    throw new UnfitError(
      `Run ${run.manifest.id} cannot be resumed: ${changed.join(', ')} changed since it began. Start a new run.`,
    );
  }
  const [before, now] = [socketsOf(run), socketKind()];
  if (before !== '' && before !== now) {
    throw new UnfitError(
      `Run ${run.manifest.id} cannot be resumed: its generators used ${before} sockets and would use ${now} ones now ` +
        '("make servers" builds the native ones, GENERATOR_SOCKETS=node leaves them out). Start a new run, or use the same sockets.',
    );
  }
}
