/** What one generator hands over at the end: sums and whole distributions, so that merging loses nothing. */
import type { ErrorKind } from '../../scenario/client.ts';
import type { Account, GeneratorUse, LoadResult } from '../../results/trial-result.ts';
import type { LoadSpec } from '../backend.ts';
import type { EncodedHistogram } from './recorder.ts';
import type { Peak, Tally } from './counters.ts';
import type { TimelineGrid } from './timeline.ts';
import type { WindowSums } from './window.ts';

/** The clients of one generator: indices `from` to `to` − 1. */
export interface ShardSpec {
  readonly load: LoadSpec;
  readonly from: number;
  readonly to: number;
}

export interface ShardResult {
  /** From the common start until its last client was done, in ms. */
  readonly elapsedMs: number;
  /** The measured part, in ms after the common start; it ends with the load where no end is set. */
  readonly measured: { readonly fromMs: number; readonly untilMs: number | null };
  readonly window: WindowSums;
  readonly clients: LoadResult['clients'];
  /** Times in the machine's monotonic ms. */
  readonly peak: Peak;
  readonly connects: Account;
  readonly exchanges: Account;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly counters: Readonly<Record<string, number>>;
  readonly histograms: Readonly<Record<string, EncodedHistogram>>;
  readonly firstErrors: readonly { readonly kind: ErrorKind; readonly message: string }[];
  readonly generator: GeneratorUse;
  readonly timeline: TimelineGrid;
}

/** What the clients of a generator were counted to have done. */
export function countedIn(
  tally: Tally,
): Pick<
  ShardResult,
  | 'window'
  | 'peak'
  | 'connects'
  | 'exchanges'
  | 'bytesSent'
  | 'bytesReceived'
  | 'counters'
  | 'histograms'
  | 'firstErrors'
> {
  return {
    window: tally.window.sums(),
    peak: tally.peak(),
    connects: tally.connects.read(),
    exchanges: tally.exchanges.read(),
    bytesSent: tally.bytesSent,
    bytesReceived: tally.bytesReceived,
    counters: { ...tally.counters },
    histograms: tally.recorder.encode(),
    firstErrors: [...tally.firstErrors].map(([kind, message]) => ({ kind, message })),
  };
}
