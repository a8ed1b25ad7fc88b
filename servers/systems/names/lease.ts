/** A name that stays registered with a name server as long as its owner lives. */
import { FramedClient } from '../../wire/client.ts';
import type { Address } from '../../wire/client.ts';

/** Time to live of a registration, and how often it is renewed, in ms: two renewals may fail before it expires. */
const TTL_MS = 9000;
const RENEWAL_MS = 3000;
const DEADLINE_MS = 5000;

/** Registers a name and renews it until disposed of. @throws {CallFailed} when it cannot be registered at first */
export async function lease(names: Address, name: string, place: Address): Promise<Disposable> {
  const register = async (): Promise<void> => {
    using client = new FramedClient('the name server', names);
    await client.call('names.register', { name, ...place, ttlMs: TTL_MS }, DEADLINE_MS);
  };
  await register();
  // A renewal that fails is tried again before the name expires; if that fails too, the name server is gone.
  const timer = setInterval(() => void register().catch(() => undefined), RENEWAL_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Where a name is. @throws {CallFailed} `not-found` when nobody registered it */
export async function lookUp(names: Address, name: string, deadlineMs: number): Promise<Address> {
  using client = new FramedClient('the name server', names);
  return await client.call('names.lookup', { name }, deadlineMs);
}
