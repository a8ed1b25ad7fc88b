import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CORE_METRICS, readMetric, whyNotResolved } from '../../harness/results/metrics.ts';
import type { CompletedTrial, ResourceUse } from '../../harness/results/schema/trial.ts';

const found = CORE_METRICS.find(({ id }) => id === 'pss-peak');
assert.ok(found);
const peak = found;

function trial(use: Partial<ResourceUse>): CompletedTrial {
  return { resources: { peakPssBytes: 1e6, ...use }, checks: [] } as unknown as CompletedTrial;
}

test('peak PSS is the largest reading where the tree did not outgrow what was read', () => {
  assert.equal(readMetric(peak, trial({ pssReadAtRssBytes: 50e6, peakRssBytes: 52e6 }), 0), 1e6);
  const small = trial({ pssReadAtRssBytes: 800_000, peakRssBytes: 900_000 });
  assert.equal(readMetric(peak, small, 0), 1e6, 'counters of RSS are inexact by so much');
});

test('peak PSS is not resolved where children came and went between two readings', () => {
  const missed = trial({ pssReadAtRssBytes: 800_000, peakRssBytes: 9.8e6, peakProcesses: 101 });
  assert.equal(readMetric(peak, missed, 0), undefined);
  assert.match(whyNotResolved(peak, missed, 0) ?? '', /RSS rose to 9\.8 MB between readings of PSS/);
});

test('peak PSS is absent without a reason where it never was read', () => {
  const unread = trial({ peakPssBytes: null, pssReadAtRssBytes: null, peakRssBytes: 1e6 });
  assert.equal(readMetric(peak, unread, 0), undefined);
  assert.equal(whyNotResolved(peak, unread, 0), undefined);
});
