import { encodeError } from '../../wire/body.ts';

/**
 * The frame that tells a client to come back later. Its call id is 0, because it is about the connection: the server
 * has read nothing of it, and the client may not have called anything yet.
 */
export function busy(method: number): Uint8Array {
  return encodeError(method, 0, 'busy', 'no worker is free: come back later');
}
