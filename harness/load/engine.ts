/** What all clients of one generator share. */
import { monotonicClock, type Clock } from './clock.ts';
import { Tally } from './tally.ts';
import { TimerWheel } from './timer-wheel.ts';
import { MeasuredWindow } from './window.ts';

/** Enough for one read of any size that pays; longer answers take several. */
const READ_BUFFER_BYTES = 65_536;

export class Engine implements Disposable {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly tally = new Tally(new MeasuredWindow());
  /** Every connection reads into this one buffer: what is in it is used before the next read. Never a Buffer, whose `slice` shares. */
  readonly readBuffer = new Uint8Array(READ_BUFFER_BYTES);
  /** The common start, in the clock's ms. */
  startMs = 0;

  constructor(clock: Clock = monotonicClock) {
    this.clock = clock;
    this.wheel = new TimerWheel(clock);
  }

  [Symbol.dispose](): void {
    this.wheel.dispose();
    this.tally[Symbol.dispose]();
  }
}
