/** What one generator hands over at the end: sums and whole distributions, so that merging loses nothing. */
import type { GeneratorUse, LoadResult } from '../../results/schema/load.ts';
import type { LoadSpec } from '../backend.ts';
import type { Counted } from './counters.ts';
import type { TimelineGrid } from './timeline.ts';

/** The clients of one generator: indices `from` to `to` − 1. */
export interface ShardSpec {
  readonly load: LoadSpec;
  readonly from: number;
  readonly to: number;
}

export interface ShardResult extends Counted {
  /** From the common start until its last client was done, in ms. */
  readonly elapsedMs: number;
  /** The measured part, in ms after the common start; it ends with the load where no end is set. */
  readonly measured: { readonly fromMs: number; readonly untilMs: number | null };
  readonly clients: LoadResult['clients'];
  readonly generator: GeneratorUse;
  readonly timeline: TimelineGrid;
}
