/**
 * cookie: the same total as `counter`, kept by each client itself in a signed cookie. The server remembers nothing
 * between two calls, so any worker can answer any of them, and none is missed when it dies.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { usageError } from '../../errors.ts';
import { answerCalls, busy, on } from '../../services/api/calls.ts';
import type { ServiceModule } from '../../services/api/service.ts';

const KEY_BYTES = 32;

/** A cookie: `i64 total | 32 bytes HMAC-SHA256 of it` (RFC 2104). */
const TOTAL_BYTES = 8;
const SIGNATURE_BYTES = 32;

const parameters = {
  /** Each worker dies in the middle of the call of this number; 0: never. */
  crash: { type: 'integer', default: 0, min: 0, max: 1_000_000_000 },
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
  turnAway: () => busy('cookie.add'),
};

/** Signs with a key that only the server knows. */
export function signTotal(total: bigint, key: Uint8Array): Buffer {
  const cookie = Buffer.alloc(TOTAL_BYTES + SIGNATURE_BYTES);
  cookie.writeBigInt64BE(total);
  signature(cookie.subarray(0, TOTAL_BYTES), key).copy(cookie, TOTAL_BYTES);
  return cookie;
}

/** The total of a cookie, or undefined where it was not signed with this key. An empty cookie is a new client's: 0. */
export function readTotal(cookie: Uint8Array, key: Uint8Array): bigint | undefined {
  if (cookie.length === 0) return 0n;
  if (cookie.length !== TOTAL_BYTES + SIGNATURE_BYTES) return undefined;
  const total = Buffer.from(cookie.buffer, cookie.byteOffset, TOTAL_BYTES);
  // Comparing byte by byte would tell a forger, by the time it takes, how many were right.
  if (!timingSafeEqual(cookie.subarray(TOTAL_BYTES), signature(total, key))) return undefined;
  return total.readBigInt64BE();
}

function signature(total: Uint8Array, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(total).digest();
}
