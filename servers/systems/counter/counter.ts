/** counter: a stateful server, whose one total is changed by all its workers. What guards it is a parameter. */
import { answerCalls, busy, on } from '../../services/api/calls.ts';
import type { Call } from '../../services/api/calls.ts';
import type { ServiceModule } from '../../services/api/service.ts';
import { memoryTotal, storeTotal } from './totals.ts';

const parameters = {
  /** What protects the total while several workers change it. */
  guard: { type: 'choice', default: 'atomic', choices: ['lock', 'atomic', 'none'] },
  /** CPU time between reading the total and writing it. */
  between: { type: 'durationUs', default: 0, max: 1_000_000 },
} as const;

export const service: ServiceModule<typeof parameters> = {
  parameters,
  create: ({ guard, between }, { memory, store }) => {
    const counters = { updates: 0, reads: 0 };
    const options = { guard, betweenUs: between };
    const shared = memory ? memoryTotal(memory, options) : storeTotal(store, options);
    const answer = (call: Call<'counter.add'>, total: number | undefined): void => {
      if (total === undefined) return call.fail('deadline', 'the lock did not come free in time');
      counters.updates += 1;
      return call.reply({ total: BigInt(total) });
    };
    const answers = [
      on('counter.add', (call) => {
        const total = shared.add(call.request.by);
        return total instanceof Promise ? total.then((sum) => answer(call, sum)) : answer(call, total);
      }),
      on('counter.read', async (call) => {
        const { total, updates } = await shared.read();
        counters.reads += 1;
        call.reply({ total: BigInt(total), updates: BigInt(updates) });
      }),
    ];
    return { counters, serve: (connection) => answerCalls(connection, answers) };
  },
  turnAway: () => busy('counter.add'),
};
