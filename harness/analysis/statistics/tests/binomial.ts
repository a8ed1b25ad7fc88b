/**
 * P(X ≤ k) for X binomial with n tries of probability p.
 *
 * Summed outwards from its largest term, so that neither a tiny tail nor a large n loses it: each next term follows
 * from the one before, and terms that no longer change the sum are left out.
 */
export function binomialAtMost(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n || p <= 0) return 1;
  if (p >= 1) return 0;
  const top = Math.min(k, Math.floor((n + 1) * p));
  const peak = Math.exp(logChoose(n, top) + top * Math.log(p) + (n - top) * Math.log1p(-p));
  const odds = p / (1 - p);
  let sum = peak;
  let term = peak;
  for (let i = top; i > 0 && term > sum * Number.EPSILON; i--) {
    term *= i / ((n - i + 1) * odds);
    sum += term;
  }
  term = peak;
  for (let i = top; i < k && term > sum * Number.EPSILON; i++) {
    term *= ((n - i) * odds) / (i + 1);
    sum += term;
  }
  return Math.min(1, sum);
}

/** P(X ≥ k), by counting failures instead of successes, so that a small probability keeps its digits. */
export function binomialAtLeast(k: number, n: number, p: number): number {
  return binomialAtMost(n - k, n, 1 - p);
}

function logChoose(n: number, k: number): number {
  let log = 0;
  for (let i = 1; i <= Math.min(k, n - k); i++) log += Math.log((n - i + 1) / i);
  return log;
}
