/** What all clients of one generator share. */
import type { ShardSpec } from '../backend.ts';
import { monotonicClock, type Clock } from '../time/clock.ts';
import { openSockets } from '../sockets/open.ts';
import type { ClientSockets } from '../sockets/sockets.ts';
import { Counters } from '../accounts/counters.ts';
import { TimerWheel } from '../time/timer-wheel.ts';

export class Engine implements Disposable {
  readonly clock: Clock;
  readonly sockets: ClientSockets;
  readonly wheel: TimerWheel;
  readonly counters: Counters;
  /** The common start, in the clock's ms. */
  startMs = 0;

  constructor({ load: { host }, from, to }: ShardSpec, clock: Clock = monotonicClock) {
    this.clock = clock;
    this.counters = new Counters(from, to - from);
    this.sockets = openSockets(clock, host);
    // Those whose time has come together also send together.
    this.wheel = new TimerWheel({ now: () => clock.now(), after: (ms, fn) => this.sockets.after(ms, fn) });
  }

  [Symbol.dispose](): void {
    this.wheel.dispose();
    this.sockets[Symbol.dispose]();
    this.counters[Symbol.dispose]();
  }
}
