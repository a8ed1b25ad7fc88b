/** The total of one client as it travels in a cookie: `i64 total | 32 bytes HMAC-SHA256 of it` (RFC 2104). */
import { createHmac, timingSafeEqual } from 'node:crypto';

const TOTAL_BYTES = 8;
const SIGNATURE_BYTES = 32;

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
