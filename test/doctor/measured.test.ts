/** The generator held against truths that are known exactly: these two are what `holdfast doctor` shows its user. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { Measuring } from '../../harness/doctor/measured/load.ts';
import {
  DELAY_ERROR_LIMIT_MS,
  judgeKnownDelay,
  measureKnownDelayUndisturbed,
  type DelayMeasurement,
} from '../../harness/doctor/measured/known-delay.ts';
import {
  judgeStall,
  measureStall,
  stallIsShown,
  type StallMeasurement,
} from '../../harness/doctor/measured/stall.ts';
import { ProcFs } from '../../harness/observe/proc-fs.ts';
import { readStat } from '../../harness/observe/tree/tree.ts';
import { openRig } from '../../harness/rig/rig.ts';
import { markedProcesses } from '../cli/marked.ts';

const rig = openRig();
const measuring = { rig, backend: rig.loadBackend(), signal: new AbortController().signal };
after(() => rig[Symbol.asyncDispose]());

describe('a measurement of a known truth', () => {
  it('finds known delays within 0.2 ms beyond the floor of the same server', async (t) => {
    const measured = await measureKnownDelayUndisturbed(measuring, 7, 2);
    const { medianErrorMs, busy, delays, floorMs } = measured;
    // What no neighbour on the machine can excuse: an answer that came before it was sent.
    for (const { delayMs, measuredMs } of delays)
      assert.ok(measuredMs >= delayMs * 0.99, JSON.stringify(measured));
    assert.ok(floorMs > 0);
    if (medianErrorMs > DELAY_ERROR_LIMIT_MS && busy !== null) {
      t.skip(`${medianErrorMs.toFixed(2)} ms off, but: ${busy}`);
      return;
    }
    assert.equal(judgeKnownDelay(measured).status, 'ok', JSON.stringify(measured));
  });

  it('shows all of a stall of 2 s: p90 and p99 of an open loop within 5 % of the truth', async (t) => {
    const measured = await measureStall(measuring);
    if (!stallIsShown(measured) && measured.busy !== null) {
      t.skip(`${JSON.stringify(measured)}: ${measured.busy}`);
      return;
    }
    assert.equal(judgeStall(measured).status, 'ok', JSON.stringify(measured));
  });
});

describe('a measurement that is stopped', () => {
  it('leaves no server behind, stopped ones included', async () => {
    const stop = new AbortController();
    await using own = openRig();
    const stalling = measureStall({ rig: own, backend: own.loadBackend(), signal: stop.signal });
    const stopped = setInterval(() => {
      if (statesOf(own).includes('T')) stop.abort('enough');
    }, 20);
    await assert.rejects(stalling);
    clearInterval(stopped);
    assert.deepEqual(statesOf(own), []);
  });
});

/** What the processes of a rig are doing now, a letter for each as in proc_pid_stat(5). */
function statesOf({ mark }: Measuring['rig']): string[] {
  const proc = new ProcFs();
  return markedProcesses(`${mark}-`).flatMap((pid) => readStat(proc, pid)?.state ?? []);
}

describe('the verdict on a known delay', () => {
  const measured = (medianErrorMs: number, busy: string | null): DelayMeasurement => ({
    floorMs: 0.05,
    delays: [],
    medianErrorMs,
    busy,
  });

  it('is ok at the limit, unfit beyond it, and a doubt where the machine was busy', () => {
    assert.equal(judgeKnownDelay(measured(0.2, null)).status, 'ok');
    assert.equal(judgeKnownDelay(measured(0.2, 'It was busy.')).status, 'ok');
    assert.equal(judgeKnownDelay(measured(0.21, null)).status, 'fail');
    const busy = judgeKnownDelay(measured(0.21, 'It was busy.'));
    assert.equal(busy.status, 'warn');
    assert.match(busy.message, /It was busy\.$/);
  });
});

describe('the verdict on a stall', () => {
  const measured = (p99Ms: number, busy: string | null): StallMeasurement => ({
    stalledMs: 2000,
    p90: { measuredMs: 1400, trueMs: 1400 },
    p99: { measuredMs: p99Ms, trueMs: 1940 },
    busy,
  });

  it('is unfit where the tail is too short or too long, for a generator that hides a stall or makes one', () => {
    assert.equal(judgeStall(measured(1940, null)).status, 'ok');
    assert.equal(judgeStall(measured(1940 * 1.049, null)).status, 'ok');
    assert.equal(judgeStall(measured(1940 * 0.94, null)).status, 'fail');
    assert.equal(judgeStall(measured(1940 * 1.06, null)).status, 'fail');
    assert.equal(judgeStall(measured(Number.NaN, null)).status, 'fail');
    assert.equal(judgeStall(measured(12, 'It was busy.')).status, 'warn');
  });
});
