/** What the harness and a generator process say to each other. */
import type { ExitCode } from '../../errors.ts';
import type { LoadSnapshot, ShardSpec } from '../backend.ts';
import type { ShardResult } from '../accounts/counters.ts';

export type ToGenerator =
  | { readonly type: 'prepare'; readonly shard: ShardSpec }
  /** `atMs`: an instant of the machine's monotonic clock (clock.ts). */
  | { readonly type: 'start'; readonly atMs: number }
  | { readonly type: 'stop' }
  /** The trial is over: forget it. */
  | { readonly type: 'release' };

export type FromGenerator =
  | { readonly type: 'ready' }
  | { readonly type: 'prepared' }
  | { readonly type: 'snapshot'; readonly snapshot: LoadSnapshot }
  | { readonly type: 'done'; readonly result: ShardResult }
  | { readonly type: 'released' }
  /** It could not do what it was told; `exitCode` is that of the error's class. */
  | { readonly type: 'failed'; readonly message: string; readonly exitCode: ExitCode };
