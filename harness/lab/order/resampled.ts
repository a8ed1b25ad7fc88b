/** Runs drawn from a recorded run of one server under several names, in which there is no order to find. */
import { seededRandom } from '../../plan/random.ts';
import { orderSweeps, type Sweep } from '../../analysis/statistics/order/order.ts';
import type { SweepCell } from '../../analysis/statistics/order/noise.ts';
import { ratesOf, type OrderRates } from './rates.ts';

/** What is drawn: a run of so many trials a cell, the first server made slower by this share at every level. */
export interface Drawing {
  readonly trials: number;
  readonly slower: number;
}

/**
 * How often runs drawn from a recorded one say what is not so, or find the server that was made slower.
 *
 * A run takes some of the recorded repetitions, each at most once: a trial that came twice would make its cell look
 * steady. Within a repetition and a level the figures change places among the servers, which are one.
 *
 * @param metrics what was recorded, by metric; smaller is better
 */
export function resampleOrder(
  metrics: readonly (readonly SweepCell[])[],
  drawing: Drawing,
  runs: number,
  seed = 1,
): OrderRates {
  const servers = [...new Set((metrics[0] ?? []).map(({ server }) => server))];
  const slower = drawing.slower > 0 ? servers[0] : undefined;
  const orders = Array.from({ length: runs }, (_, run) => {
    const random = seededRandom(seed * 1_000_003 + run);
    const blocks = [
      ...new Set((metrics[0] ?? []).flatMap(({ samples }) => samples.map(({ block }) => block))),
    ];
    const chosen = random.shuffled(blocks).slice(0, drawing.trials);
    return orderSweeps(
      metrics.map((cells): Sweep => {
        const drawn = [...Map.groupBy(cells, ({ level }) => level)].flatMap(([level, own]) => {
          const columns = new Map(
            own.map(({ server }) => [server, [] as { block: number; value: number }[]]),
          );
          for (const block of chosen) {
            const values = own.flatMap(({ samples }) => samples.filter((sample) => sample.block === block));
            const names = random.shuffled([...columns.keys()]);
            for (const [i, { value }] of values.entries()) {
              const name = names[i] ?? '';
              columns
                .get(name)
                ?.push({ block, value: name === slower ? value * (1 + drawing.slower) : value });
            }
          }
          return [...columns].map(([server, samples]) => ({ server, level, samples }));
        });
        return { smallerIsBetter: true, cells: drawn.filter(({ samples }) => samples.length > 1) };
      }),
    );
  });
  return ratesOf(orders, slower);
}
