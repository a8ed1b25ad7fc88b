/** The sweeps on which the order is checked: as small and as large as runs get, on quiet and on bad machines. */
import type { ScatterName } from './scatter.ts';
import type { Setting } from './simulated.ts';

/** Servers, levels, trials. */
const SIZES = [
  [2, 1, 3],
  [6, 1, 3],
  [22, 1, 3],
  [6, 9, 3],
  [20, 9, 3],
  [6, 9, 5],
  [6, 9, 10],
  [22, 9, 10],
] as const;

const SCATTER: readonly ScatterName[] = ['normal', 't with 3 df', 'disturbed', 'drifting'];

/** How the cells of a sweep scatter. */
const UNEVEN = {
  evenly: { levels: 1, server: 1 },
  'few clients 3 times as much': { levels: 3, server: 1 },
  'one server 3 times as much': { levels: 1, server: 3 },
} as const;

export interface OrderCase extends Omit<Setting, 'slower'> {
  readonly unevenness: string;
}

/** Scatter that uneven sweeps are tried with: a drift that one server suffers from most is the hardest to see. */
const UNEVEN_SCATTER: readonly ScatterName[] = ['normal', 'drifting'];

/** Every size with every kind of scatter. A trial scatters by 5 %. */
export function orderCases(): OrderCase[] {
  return SIZES.flatMap(([servers, levels, trials]) =>
    Object.entries(UNEVEN).flatMap(([unevenness, uneven]) =>
      (unevenness === 'evenly' ? SCATTER : UNEVEN_SCATTER).map((scatter) => ({
        servers,
        levels,
        trials,
        scatter,
        spread: 0.05,
        uneven,
        unevenness,
        metrics: 3,
      })),
    ),
  );
}
