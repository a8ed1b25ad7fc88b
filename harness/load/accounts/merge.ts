/** One load from the parts that several generators made of it. Histograms are merged, never percentiles. */
import { decodeFromCompressedBase64, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { Account, HistogramRecord, LoadResult } from '../../results/schema/load.ts';
import { emptyHistogram, type EncodedHistogram } from './recorder.ts';
import type { ShardResult } from './counters.ts';
import { sumTimelines } from './timeline.ts';

/** @param shards at least one, all of the same trial */
export function mergeShards(shards: readonly ShardResult[]): LoadResult {
  const elapsedMs = Math.max(...shards.map((shard) => shard.elapsedMs));
  const windowMs = windowOf(shards, elapsedMs);
  const { offered, completed, responseMs, thinkMs } = sumFields(shards.map((shard) => shard.window));
  const perSecond = (count: number): number => (windowMs > 0 ? (count * 1000) / windowMs : 0);
  const wrong = sumOf(shards, (shard) => shard.wrong);
  const timeline = sumTimelines(shards.map((shard) => shard.timeline));
  return {
    elapsedMs,
    windowMs,
    window: { completed, responseMs, thinkMs },
    clients: sumFields(shards.map((shard) => shard.clients)),
    ...pausesOf(shards),
    ...(wrong > 0 ? { wrong } : {}),
    peakEstablished: peakOf(shards, timeline.established),
    connects: sumAccounts(shards.map((shard) => shard.connects)),
    exchanges: sumAccounts(shards.map((shard) => shard.exchanges)),
    bytesSent: sumOf(shards, (shard) => shard.bytesSent),
    bytesReceived: sumOf(shards, (shard) => shard.bytesReceived),
    counters: sumRecords(shards.map((shard) => shard.counters)),
    histograms: mergeAll(shards),
    firstErrors: firstOfEachKind(shards.flatMap((shard) => shard.firstErrors)),
    ...(offered > 0
      ? { rate: { offeredPerSecond: perSecond(offered), achievedPerSecond: perSecond(completed) } }
      : {}),
    generators: shards.map((shard) => shard.generator),
    timeline,
  };
}

/** The pauses of all clients, and those of the client that was done last. */
function pausesOf(shards: readonly ShardResult[]): Pick<LoadResult, 'pauses'> {
  const sums = sumFields(shards.map(({ pauses }) => pauses));
  const last = shards.reduce((latest, shard) => (shard.elapsedMs > latest.elapsedMs ? shard : latest));
  return sums.count > 0 ? { pauses: { ...sums, lastLateMs: last.lastLateMs } } : {};
}

/** Length of the measured part. */
function windowOf(shards: readonly ShardResult[], elapsedMs: number): number {
  const { fromMs = 0, untilMs = null } = shards[0]?.measured ?? {};
  return Math.max(0, Math.min(untilMs ?? elapsedMs, elapsedMs) - fromMs);
}

/**
 * Connections held at once over all generators. Where the stretches at which each held its most overlap, that is
 * their sum; otherwise no more is claimed than one generator's own, or what the common timeline shows.
 */
function peakOf(shards: readonly ShardResult[], established: readonly number[]): number {
  const peaks = shards.map((shard) => shard.peak);
  const overlap =
    Math.max(...peaks.map((peak) => peak.fromMs)) < Math.min(...peaks.map((peak) => peak.untilMs));
  if (overlap) return sumOf(peaks, (peak) => peak.count);
  return Math.max(...peaks.map((peak) => peak.count), ...established);
}

function sumAccounts(accounts: readonly Account[]): Account {
  const counts = accounts.map(({ attempted, completed, inFlight }) => ({ attempted, completed, inFlight }));
  return { ...sumFields(counts), errors: sumRecords(accounts.map(({ errors }) => errors)) };
}

/** The sums of records that all have the same fields. */
export function sumFields<T extends Readonly<Record<keyof T, number>>>(records: readonly T[]): T {
  return sumRecords(records) as T;
}

function sumRecords(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const record of records) {
    for (const [name, value] of Object.entries(record)) sum[name] = (sum[name] ?? 0) + value;
  }
  return sum;
}

function mergeAll(shards: readonly ShardResult[]): Record<string, HistogramRecord> {
  const named = Map.groupBy(
    shards.flatMap((shard) => Object.entries(shard.histograms)),
    ([name]) => name,
  );
  return Object.fromEntries(
    [...named].map(([name, parts]) => [name, mergeHistograms(parts.map(([, part]) => part))]),
  );
}

/** One distribution from those of several generators. */
export function mergeHistograms(parts: readonly EncodedHistogram[]): HistogramRecord {
  const merged = emptyHistogram();
  try {
    for (const { encoded } of parts) {
      const part = decodeFromCompressedBase64(encoded, 64, true);
      try {
        merged.add(part);
      } finally {
        part.destroy();
      }
    }
    const clamped = sumOf(parts, (part) => part.clamped);
    const atLeast = sumOf(parts, (part) => part.atLeast);
    return {
      count: merged.totalCount,
      min: merged.getValueAtPercentile(0),
      max: merged.maxValue,
      mean: merged.mean,
      p50: merged.getValueAtPercentile(50),
      p90: merged.getValueAtPercentile(90),
      p99: merged.getValueAtPercentile(99),
      p999: merged.getValueAtPercentile(99.9),
      encoded: encodeIntoCompressedBase64(merged),
      ...(clamped > 0 ? { clamped } : {}),
      ...(atLeast > 0 ? { atLeast } : {}),
    };
  } finally {
    merged.destroy();
  }
}

function firstOfEachKind(errors: LoadResult['firstErrors']): LoadResult['firstErrors'] {
  return errors.filter(({ kind }, i) => errors.findIndex((one) => one.kind === kind) === i);
}

function sumOf<T>(items: readonly T[], read: (item: T) => number): number {
  return items.reduce((sum, item) => sum + read(item), 0);
}
