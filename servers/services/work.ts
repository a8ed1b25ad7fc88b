/**
 * work: burns CPU time, then answers. Where the request leaves the amount open it is drawn from two values: by
 * default 90 % take 1 ms and 10 % take 20 ms, which shows what the many short ones behind a long one pay.
 */
import { answerCalls, busy, on } from './api/calls.ts';
import type { ParameterValues } from './api/parameters.ts';
import type { ServiceModule } from './api/service.ts';

/** Most CPU time of one call, in µs. */
export const MAX_CPU_US = 10_000_000;

/** What is burned where a request leaves it open. */
export const workParameters = {
  /** CPU time of a light call. */
  cpu: { type: 'durationUs', default: 1000, max: MAX_CPU_US },
  /** CPU time of a heavy call. */
  heavy: { type: 'durationUs', default: 20_000, max: MAX_CPU_US },
  /** Share of the heavy calls. */
  heavyShare: { type: 'share', default: 0.1 },
  /** Seed of the sequence from which calls are drawn. */
  seed: { type: 'integer', default: 1, min: 0, max: 999_999_999_999_999 },
} as const;

export const service: ServiceModule<typeof workParameters> = {
  parameters: workParameters,
  create: (values, { worker }) => {
    const counters = { calls: 0, burnedUs: 0 };
    const draw = drawCpuUs(values, worker);
    return {
      counters,
      serve: (connection) =>
        answerCalls(connection, [
          on('work', (call) => {
            const { cpuUs, payload } = call.request;
            if (cpuUs > MAX_CPU_US) return call.fail('bad-argument', `cpuUs is at most ${MAX_CPU_US}`);
            const burnedUs = burn(cpuUs === 0 ? draw() : cpuUs);
            counters.calls += 1;
            counters.burnedUs += burnedUs;
            return call.reply({ burnedUs, payload });
          }),
        ]),
    };
  },
  turnAway: () => busy('work'),
};

/** Draws the CPU time of one call after another, in µs; each worker has a sequence of its own. */
export function drawCpuUs(values: ParameterValues<typeof workParameters>, worker: number): () => number {
  const { cpu, heavy, heavyShare, seed } = values;
  const draw = sequence(BigInt(seed), worker);
  return () => (draw() < heavyShare ? heavy : cpu);
}

/**
 * Numbers from 0 to 1, each worker a sequence of its own: SplitMix64 (Steele, Lea, Flood, "Fast Splittable
 * Pseudorandom Number Generators", 2014).
 */
export function sequence(seed: bigint, worker: number): () => number {
  let state = BigInt.asUintN(64, seed + BigInt(worker) * 0xd1342543de82ef95n);
  return () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    z ^= z >> 31n;
    return Number(z >> 11n) / 2 ** 53;
  };
}

/** A longer step of the clock than this, in µs, means that somebody else had the core meanwhile. */
const GAP_US = 50;

/**
 * Burns CPU time of this thread: time in which somebody else had the core does not count as work done.
 *
 * By the wall clock, without its gaps. The kernel's account of a running thread (`process.threadCpuUsage`) is brought
 * up to date at its ticks only, up to 4 ms apart, so that 100 µs by it were 2 ms on the average.
 *
 * @returns the microseconds burned, at least those asked for
 */
export function burn(cpuUs: number): number {
  let burnedUs = 0;
  let last = performance.now();
  while (burnedUs < cpuUs) {
    const now = performance.now();
    const stepUs = (now - last) * 1000;
    if (stepUs < GAP_US) burnedUs += stepUs;
    last = now;
  }
  return Math.floor(burnedUs);
}
