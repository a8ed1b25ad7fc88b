import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from '../../property.ts';
import { Timed, TimerWheel } from '../../../harness/load/time/timer-wheel.ts';
import { FakeClock } from '../fixtures/fake-clock.ts';

class Probe extends Timed {
  readonly fired: number[] = [];
  onFire: (() => void) | undefined;

  override onDue(nowMs: number): void {
    this.fired.push(nowMs);
    this.onFire?.();
  }
}

function wheelAt(clock = new FakeClock()) {
  return { clock, wheel: new TimerWheel(clock) };
}

function queuedIn(wheel: TimerWheel): number {
  let queued = 0;
  wheel.forEach(() => queued++);
  return queued;
}

void test('an entry fires once, never early, and within 2 ms of its time', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 20_000, noNaN: true }), { minLength: 1, maxLength: 50 }),
      (delays) => {
        const { clock, wheel } = wheelAt();
        const startMs = clock.now();
        const probes = delays.map((delay) => {
          const probe = new Probe();
          wheel.arm(probe, startMs + delay);
          return { probe, dueMs: startMs + delay };
        });
        clock.advance(20_010);
        for (const { probe, dueMs } of probes) {
          assert.equal(probe.fired.length, 1);
          const lateMs = (probe.fired[0] as number) - dueMs;
          assert.ok(lateMs >= 0 && lateMs <= 2, `${lateMs} ms late`);
        }
        assert.equal(queuedIn(wheel), 0);
        assert.equal(clock.waiting, 0, 'no timer is left behind');
      },
    ),
    { numRuns: 200 },
  );
});

void test('whatever is armed, moved, disarmed and removed, an entry fires when it was last told to', () => {
  const step = fc.record({
    entry: fc.nat(4),
    action: fc.constantFrom('arm', 'disarm', 'remove'),
    delay: fc.double({ min: 0, max: 6000, noNaN: true }),
    passMs: fc.double({ min: 0, max: 500, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { clock, wheel } = wheelAt();
      const probes = Array.from({ length: 5 }, () => new Probe());
      const due = probes.map(() => Infinity);
      const expected = probes.map(() => 0);
      const settle = (): void => {
        for (const [i, probe] of probes.entries()) {
          if ((due[i] as number) + 2 <= clock.now()) {
            expected[i] = (expected[i] as number) + 1;
            due[i] = Infinity;
          }
          // Within the last 2 ms it may or may not have fired.
          if (due[i] === Infinity || (due[i] as number) > clock.now())
            assert.equal(probe.fired.length, expected[i]);
        }
      };
      for (const { entry, action, delay, passMs } of steps) {
        const probe = probes[entry] as Probe;
        // Leave no entry in the undecided 2 ms before it is touched again.
        clock.advance(3);
        settle();
        if (action === 'arm') wheel.arm(probe, (due[entry] = clock.now() + delay));
        else {
          wheel[action](probe);
          due[entry] = Infinity;
        }
        if (probe.fired.length !== expected[entry]) expected[entry] = probe.fired.length;
        clock.advance(passMs);
      }
      clock.advance(7000);
      settle();
      assert.equal(queuedIn(wheel), 0);
    }),
    { numRuns: 200 },
  );
});

void test('a stall longer than the wheel is round delays entries and loses none', () => {
  const { clock, wheel } = wheelAt();
  const probes = [10, 3000, 9000, 30_000].map((delay) => {
    const probe = new Probe();
    wheel.arm(probe, clock.now() + delay);
    return probe;
  });
  clock.stall(10_000);
  assert.deepEqual(
    probes.map((probe) => probe.fired.length),
    [1, 1, 1, 0],
  );
  clock.advance(21_000);
  assert.equal(probes[3]?.fired.length, 1);
});

void test('an entry may arm itself and others, and remove others, while it fires', () => {
  const { clock, wheel } = wheelAt();
  const [first, second, third] = [new Probe(), new Probe(), new Probe()];
  const dueMs = clock.now() + 5;
  for (const probe of [first, second, third]) wheel.arm(probe, dueMs);
  first.onFire = () => {
    wheel.remove(second);
    if (first.fired.length < 3) wheel.arm(first, clock.now() + 5);
  };
  clock.advance(100);
  assert.deepEqual(
    [first, second, third].map((probe) => probe.fired.length),
    [3, 0, 1],
  );
});

void test('entries of one instant fire in the order in which they were armed', () => {
  const { clock, wheel } = wheelAt();
  const order: number[] = [];
  for (let i = 0; i < 5; i++) {
    const probe = new Probe();
    probe.onFire = () => order.push(i);
    wheel.arm(probe, clock.now() + 7);
  }
  clock.advance(20);
  assert.deepEqual(order, [0, 1, 2, 3, 4]);
});

void test('few entries fire within an eighth of a millisecond; many are woken together, once a millisecond', () => {
  const firedAt = (everyMs: number): { readonly lateMs: number; readonly wakes: number } => {
    const { clock, wheel } = wheelAt();
    const startMs = clock.now();
    const dues = Array.from({ length: 1000 / everyMs }, (_, i) => startMs + 10 + i * everyMs);
    const probes = dues.map((dueMs) => {
      const probe = new Probe();
      wheel.arm(probe, dueMs);
      return { probe, dueMs };
    });
    clock.advance(1100);
    const lateness = probes.map(({ probe, dueMs }) => (probe.fired[0] ?? Infinity) - dueMs);
    return {
      lateMs: Math.max(...lateness),
      wakes: new Set(probes.map(({ probe }) => probe.fired[0])).size,
    };
  };
  const few = firedAt(5.3);
  assert.ok(few.lateMs <= 1 / 8, `${few.lateMs} ms late`);
  const many = firedAt(0.05);
  assert.ok(many.lateMs <= 1.2, `${many.lateMs} ms late`);
  assert.ok(many.wakes <= 1050, `${many.wakes} wakes in a second`);
});
