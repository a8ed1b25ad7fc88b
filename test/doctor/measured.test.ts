/** Holdfast held against servers of known behaviour: these are what `holdfast doctor` shows its user. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { judgeTruth } from '../../harness/doctor/measured/known-truths.ts';
import { KNOWN_TRUTHS } from '../../harness/lab/truth/cases.ts';
import { missingKnownServer } from '../../harness/lab/truth/known-server.ts';
import { answerOf, measureTruth, type MeasuredTruth } from '../../harness/lab/truth/measure.ts';
import { openRig } from '../../harness/rig/rig.ts';
import { markedProcesses } from '../cli/marked.ts';
import { eventually } from '../waiting.ts';

const rig = openRig();
const measuring = { rig, backend: rig.loadBackend(), signal: new AbortController().signal };
after(() => rig[Symbol.asyncDispose]());

const missing = missingKnownServer();

describe('Holdfast shows the truth of a server', { skip: missing ?? false }, () => {
  for (const known of KNOWN_TRUTHS.filter(({ quick }) => quick)) {
    it(`that ${known.title}`, async (t) => {
      const measured = await measureTruth(known, measuring);
      if (answerOf(measured) === 'not resolvable') t.skip(judgeTruth(measured).message);
      else assert.equal(answerOf(measured), 'true', JSON.stringify(measured));
    });
  }
});

describe('a measurement that is stopped', { skip: missing ?? false }, () => {
  it('leaves no server behind', async () => {
    const stop = new AbortController();
    await using own = openRig();
    const [known] = KNOWN_TRUTHS.filter(({ name }) => name === 'stall');
    assert.ok(known);
    const measured = measureTruth(known, { rig: own, backend: own.loadBackend(), signal: stop.signal });
    const mark = `${own.mark}-`;
    await Promise.race([
      measured,
      eventually('the server to run', () => markedProcesses(mark).length > 0).then(() =>
        stop.abort('enough'),
      ),
    ]).catch(() => undefined);
    await assert.rejects(measured, (error: unknown) => error === 'enough');
    assert.deepEqual(markedProcesses(mark), []);
  });
});

describe('the verdict on a known truth', () => {
  const figure = { what: 'latency p50', unit: 'ms', shown: 5.1, truth: 5, reason: null } as const;
  const measured = (more: Partial<MeasuredTruth>): MeasuredTruth => ({
    name: 'delay',
    title: 'answers after 5 ms',
    figures: [],
    failure: null,
    ...more,
  });

  it('is ok where all is true, a doubt where the run itself doubts, and unfit where one figure is false', () => {
    const right = { ...figure, answer: 'true' } as const;
    const hidden = { ...figure, answer: 'not resolvable', reason: 'Others used CPU.' } as const;
    const wrong = { ...figure, answer: 'false' } as const;
    assert.deepEqual(judgeTruth(measured({ figures: [right] })), {
      id: 'delay',
      status: 'ok',
      figure: 'latency p50 5.1 ms',
      message: 'A server that answers after 5 ms showed latency p50 5.1 ms (the truth is 5 ms).',
      advice: null,
    });
    const doubt = judgeTruth(measured({ figures: [right, hidden] }));
    assert.equal(doubt.status, 'warn');
    assert.match(doubt.message, /Others used CPU\.$/);
    assert.equal(judgeTruth(measured({ figures: [right, hidden, wrong] })).status, 'fail');
  });

  it('is unfit where the server was not measured at all, and says why', () => {
    const { status, message } = judgeTruth(measured({ failure: 'It did not start.' }));
    assert.deepEqual([status, message], ['fail', 'It did not start.']);
  });
});
