/** One equation of a linear model: Σ coefficientⱼ · termⱼ ≈ value, counted with a weight. */
export interface Equation {
  readonly terms: readonly number[];
  readonly value: number;
  /** Inverse of the value's variance, up to a common factor. */
  readonly weight: number;
}

/**
 * Coefficients that minimise Σ weight · (value − Σ coefficientⱼ·termⱼ)² with none of them negative; those that would
 * be are 0. For a handful of terms the exact way is to solve every choice of terms left at 0 and to take the best
 * that is allowed (C. L. Lawson & R. J. Hanson, "Solving Least Squares Problems", 1974, chapter 23, gives the
 * conditions and the way for many).
 *
 * @returns null when the equations do not determine the coefficients
 */
export function nonNegativeLeastSquares(equations: readonly Equation[]): number[] | null {
  const all = 2 ** (equations[0]?.terms.length ?? 0) - 1;
  const free = solve(equations, all);
  if (!free || free.every((coefficient) => coefficient >= 0)) return free;
  let best: number[] | null = null;
  let least = Infinity;
  for (let used = all - 1; used > 0; used--) {
    const solution = solve(equations, used);
    if (!solution || solution.some((coefficient) => coefficient < 0)) continue;
    const squares = sumOfSquares(equations, solution);
    if (squares < least) [best, least] = [solution, squares];
  }
  return best;
}

function sumOfSquares(equations: readonly Equation[], coefficients: readonly number[]): number {
  return equations.reduce((sum, { terms, value, weight }) => {
    const rest = value - terms.reduce((total, term, j) => total + term * coefficients[j]!, 0);
    return sum + weight * rest * rest;
  }, 0);
}

/**
 * Unconstrained solution with the terms whose bit is set in `used`, the others 0, by QR (modified Gram–Schmidt): the
 * normal equations would square the condition number, which a column of N² beside a column of 1 cannot afford.
 */
function solve(equations: readonly Equation[], used: number): number[] | null {
  const count = equations[0]?.terms.length ?? 0;
  const chosen = Array.from({ length: count }, (_, j) => j).filter((j) => used & (1 << j));
  const rest = equations.map(({ value, weight }) => value * Math.sqrt(weight));
  const basis: number[][] = [];
  const upper: number[][] = [];
  for (const j of chosen) {
    const column = equations.map(({ terms, weight }) => terms[j]! * Math.sqrt(weight));
    const before = Math.sqrt(dot(column, column));
    const row = basis.map((direction) => project(column, direction));
    const norm = Math.sqrt(dot(column, column));
    if (!(norm > before * 1e-9)) return null;
    basis.push(column.map((entry) => entry / norm));
    upper.push([...row, norm]);
  }
  const right = basis.map((direction) => project(rest, direction));
  const solution = Array.from({ length: count }, () => 0);
  for (let i = chosen.length - 1; i >= 0; i--) {
    let sum = right[i]!;
    for (let k = i + 1; k < chosen.length; k++) sum -= upper[k]![i]! * solution[chosen[k]!]!;
    solution[chosen[i]!] = sum / upper[i]![i]!;
  }
  return solution;
}

/** Removes the direction's share from the vector, in place, and returns how much it was. */
function project(vector: number[], direction: readonly number[]): number {
  const share = dot(vector, direction);
  for (const [i, entry] of direction.entries()) vector[i]! -= share * entry;
  return share;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, entry, i) => sum + entry * b[i]!, 0);
}
