/** What all clients of one generator share. */
import { monotonicClock, type Clock } from '../time/clock.ts';
import { openSockets } from '../sockets/open.ts';
import type { ClientSockets } from '../sockets/sockets.ts';
import { Counters } from '../accounts/counters.ts';
import { TimerWheel } from '../time/timer-wheel.ts';

export class Engine implements Disposable {
  readonly clock: Clock;
  readonly sockets: ClientSockets;
  readonly wheel: TimerWheel;
  readonly counters = new Counters();
  /** The common start, in the clock's ms. */
  startMs = 0;

  /** @param hosts the addresses that clients will connect to */
  constructor(hosts: readonly string[], clock: Clock = monotonicClock) {
    this.clock = clock;
    this.sockets = openSockets(clock, hosts);
    // Those whose time has come together also send together.
    this.wheel = new TimerWheel({
      now: () => clock.now(),
      after: (ms, fn) => clock.after(ms, () => this.sockets.corked(fn)),
    });
  }

  [Symbol.dispose](): void {
    this.wheel.dispose();
    this.sockets[Symbol.dispose]();
    this.counters[Symbol.dispose]();
  }
}
