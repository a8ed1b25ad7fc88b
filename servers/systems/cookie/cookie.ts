/**
 * cookie: the same total as `counter`, kept by each client itself in a signed cookie. The server remembers nothing
 * between two calls, so any worker can answer any of them, and none is missed when it dies.
 */
import { randomBytes } from 'node:crypto';
import { usageError } from '../../errors.ts';
import { METHODS } from '../../wire/methods.ts';
import { busy } from '../../services/api/busy.ts';
import { answerCalls, on } from '../../services/api/calls.ts';
import type { ServiceModule } from '../../services/api/service.ts';
import { readTotal, signTotal } from './signed-total.ts';

const KEY_BYTES = 32;

const parameters = {
  crash: {
    type: 'integer',
    default: 0,
    min: 0,
    max: 1_000_000_000,
    about: 'each worker dies in the middle of the call of this number; 0: never',
  },
} as const;

export const service: ServiceModule<typeof parameters> = {
  parameters,
  create: ({ crash }, { store, expendable }) => {
    if (crash > 0 && !expendable) {
      throw usageError('--set crash needs a model whose workers are replaced; this one serves by itself');
    }
    const counters = { updates: 0, forged: 0 };
    let calls = 0;
    // One key for all workers, or a cookie would be worthless with the next one. The main process outlives them.
    const key = store
      .claim('key', randomBytes(KEY_BYTES).toString('base64'))
      .then((text) => Buffer.from(text as string, 'base64'));
    const answers = [
      on('cookie.add', async (call) => {
        const { cookie, by } = call.request;
        const before = readTotal(cookie, await key);
        if (before === undefined) {
          counters.forged += 1;
          return call.fail('bad-signature', 'this cookie was not signed by this server');
        }
        calls += 1;
        // A worker of its own, thread or process, ends here without a word to anybody.
        if (calls === crash) process.exit(1);
        counters.updates += 1;
        const total = BigInt.asIntN(64, before + BigInt(by));
        return call.reply({ total, cookie: signTotal(total, await key) });
      }),
    ];
    return { counters, serve: (connection) => answerCalls(connection, answers) };
  },
  turnAway: () => busy(METHODS['cookie.add'].id),
};
