/** What makes the load of one generator: our own clients, or a load tool that a scenario names in their place. */
import type { LoadSnapshot } from '../backend.ts';
import type { ShardResult } from '../accounts/shard-result.ts';
import type { Stopped } from '../time/timeout.ts';

export interface ShardRunner extends Disposable {
  /** Starts the load at `startMs` of the machine's monotonic clock and resolves when it is over. Once. */
  run(startMs: number): Promise<ShardResult>;
  /** Ends the load early; what was seen is in its result. */
  stop(reason: Stopped['reason']): void;
  snapshot(): LoadSnapshot;
}
