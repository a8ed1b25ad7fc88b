import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import fc from '../../property.ts';
import { admission } from '../../../servers/models/pool/admission.ts';

interface Door {
  readonly gate: ReturnType<typeof admission<string>>;
  readonly log: string[];
  free: number;
  tick(ms: number): void;
}

function door(t: TestContext, { patienceMs = 100, capacity = 100, free = 1 } = {}): Door {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  const log: string[] = [];
  const opened: Door = {
    log,
    free,
    gate: admission<string>({
      patienceMs,
      limit: Infinity,
      capacity,
      now: () => now,
      place: (arrival, waitedMs, queued) => {
        if (opened.free === 0) return false;
        opened.free -= 1;
        log.push(`${arrival} served${queued ? ` after ${waitedMs}` : ''}`);
        return true;
      },
      turnAway: (arrival, reason) => log.push(`${arrival} away: ${reason}`),
    }),
    tick: (ms) => {
      for (let i = 0; i < ms; i += 1) {
        now += 1;
        t.mock.timers.tick(1);
      }
    },
  };
  return opened;
}

function leave(opened: Door): void {
  opened.free += 1;
  opened.gate.leave();
}

test('who comes while a worker is free is served at once, the next when it is free again', (t) => {
  const opened = door(t);
  opened.gate.offer('a');
  opened.gate.offer('b');
  opened.tick(30);
  leave(opened);
  assert.deepEqual(opened.log, ['a served', 'b served after 30']);
});

test('waiting is first come, first served, and nobody overtakes the queue', (t) => {
  const opened = door(t, { free: 0 });
  opened.gate.offer('a');
  opened.gate.offer('b');
  opened.free = 1;
  opened.gate.offer('c');
  opened.gate.advance();
  opened.free = 2;
  opened.gate.advance();
  assert.deepEqual(opened.log, ['a served after 0', 'b served after 0', 'c served after 0']);
});

test('each is turned away when its own patience is over', (t) => {
  const opened = door(t, { free: 0 });
  opened.gate.offer('a');
  opened.tick(60);
  opened.gate.offer('b');
  opened.tick(40);
  assert.deepEqual(opened.log, ['a away: patience']);
  opened.tick(59);
  assert.equal(opened.log.length, 1);
  opened.tick(1);
  assert.deepEqual(opened.log.at(-1), 'b away: patience');
});

test('patience 0 waits for ever', (t) => {
  const opened = door(t, { patienceMs: 0, free: 0 });
  opened.gate.offer('a');
  opened.tick(100_000);
  assert.deepEqual(opened.log, []);
});

test('who comes when all room is taken is refused at once', (t) => {
  const opened = door(t, { capacity: 2 });
  for (const name of ['a', 'b', 'c']) opened.gate.offer(name);
  assert.deepEqual(opened.log, ['a served', 'c away: limit']);
  leave(opened);
  opened.gate.offer('d');
  assert.deepEqual(opened.log.slice(2), ['b served after 0']);
});

test('closing turns away all that wait and refuses who comes later', (t) => {
  const opened = door(t);
  for (const name of ['a', 'b']) opened.gate.offer(name);
  opened.gate.close();
  opened.gate.offer('c');
  assert.deepEqual(opened.log, ['a served', 'b away: patience', 'c away: limit']);
});

test('everybody is either served once or turned away once, whatever happens', (t) => {
  const step = fc.oneof(fc.constant('offer'), fc.constant('leave'), fc.integer({ min: 1, max: 60 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      t.mock.timers.reset();
      const opened = door(t, { patienceMs: 50, capacity: 6, free: 2 });
      let offered = 0;
      let serving = 0;
      for (const each of steps) {
        if (each === 'offer') opened.gate.offer(`${(offered += 1)}`);
        else if (typeof each === 'number') opened.tick(each);
        else if (serving > 0) leave(opened);
        serving = 2 - opened.free;
      }
      opened.gate.close();
      const names = opened.log.map((line) => line.split(' ')[0]);
      assert.equal(names.length, offered);
      assert.equal(new Set(names).size, offered);
    }),
  );
});
