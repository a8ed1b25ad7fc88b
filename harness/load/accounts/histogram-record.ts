/** Merges encoded histograms of one name and reads their statistics. Histograms are merged, never percentiles. */
import { decodeFromCompressedBase64, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { HistogramRecord } from '../../results/trial-result.ts';
import { emptyHistogram, type EncodedHistogram } from './recorder.ts';

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
    const clamped = parts.reduce((sum, part) => sum + part.clamped, 0);
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
    };
  } finally {
    merged.destroy();
  }
}
