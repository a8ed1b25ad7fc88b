import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

export type { RandomGenerator };

/** Draws one sample. */
export type Sampler = (random: RandomGenerator) => number;

export function seeded(seed: number): RandomGenerator {
  return xoroshiro128plus(seed);
}

/** Standard normal (Box & Muller, 1958). */
export const normal: Sampler = (random) =>
  Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));

/** Cauchy: so heavy-tailed that it has no mean. */
export const cauchy: Sampler = (random) => Math.tan(Math.PI * (uniformFloat64(random) - 0.5));

/** Two humps far apart, 60 : 40, the true median inside the larger: a cache that hits or misses. */
export const bimodal: Sampler = (random) =>
  uniformFloat64(random) < 0.6 ? uniformFloat64(random) : 10 + uniformFloat64(random);

export function draw(random: RandomGenerator, sampler: Sampler, n: number): number[] {
  return Array.from({ length: n }, () => sampler(random));
}
