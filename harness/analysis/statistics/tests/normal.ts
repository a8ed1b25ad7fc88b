/**
 * P(Z ≥ z) of the standard normal distribution. Relative error below 2·10⁻⁷: the Chebyshev fit of erfc in Press et
 * al., "Numerical Recipes" (2nd edition, 1992), section 6.2. Used only where samples are too many for an exact
 * distribution.
 */
export function normalUpperTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  let polynomial = 0;
  for (const coefficient of ERFC) polynomial = polynomial * t + coefficient;
  const tail = (t * Math.exp(-x * x + polynomial)) / 2;
  return z >= 0 ? tail : 1 - tail;
}

/** Highest power of t first. */
const ERFC = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
  1.00002368, -1.26551223,
];

/** The z that P(Z ≥ z) = tail, for 0 < tail ≤ ½, by bisection. */
export function normalUpperPoint(tail: number): number {
  let low = 0;
  let high = 38;
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (normalUpperTail(middle) > tail) low = middle;
    else high = middle;
  }
  return high;
}
