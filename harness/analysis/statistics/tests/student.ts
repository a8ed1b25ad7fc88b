import { normalUpperPoint } from './normal.ts';

/**
 * P(T ≥ t) of Student's distribution, for t ≥ 0: half the regularised incomplete beta function I(ν/2, ½) at
 * ν/(ν + t²) (M. Abramowitz & I. A. Stegun, "Handbook of Mathematical Functions", 26.7.1), by the continued fraction
 * 26.5.8 in the form that converges for every argument.
 *
 * @param degrees ν, above 0
 */
export function studentUpperTail(t: number, degrees: number): number {
  const x = degrees / (degrees + t * t);
  return betaRegularised(x, degrees / 2, 0.5) / 2;
}

/** The t that P(T ≥ t) = tail, for 0 < tail < ½, by bisection. */
export function studentUpperPoint(tail: number, degrees: number): number {
  let low = normalUpperPoint(tail) / 2;
  let high = 1;
  while (studentUpperTail(high, degrees) > tail) high *= 2;
  for (let step = 0; step < 60 && high - low > 1e-9 * high; step++) {
    const middle = (low + high) / 2;
    if (studentUpperTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return high;
}

function betaRegularised(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** By Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 300; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-13) break;
  }
  return fraction;
}

/** ln Γ(x) for x > 0: Stirling's series, after the recurrence has brought x to 8 or more. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 8; z++) shift += Math.log(z);
  const inverse = 1 / z;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - shift;
}
