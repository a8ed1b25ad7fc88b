/** How long clients wait to be served, those included whom nobody served. */
import { type Client, ExchangeError } from '../../harness/scenario/client.ts';

/**
 * Records how long `work` takes, in µs, from `fromMs` of the client's time. A client that `work` fails for has waited
 * for its whole patience at least: left out, a server that loses clients would look faster than one that serves them.
 */
export async function waiting<T>(
  client: Client,
  histogram: string,
  { fromMs, patienceMs }: { readonly fromMs: number; readonly patienceMs: number },
  work: () => Promise<T>,
): Promise<T> {
  try {
    const done = await work();
    client.record(histogram, (client.elapsedMs() - fromMs) * 1000);
    return done;
  } catch (error) {
    if (error instanceof ExchangeError) client.recordAtLeast(histogram, patienceMs * 1000);
    throw error;
  }
}

/** What is left of a waiting period, in ms: 1 at least, as 0 would be no limit to a server. */
export function leftOf(client: Client, patienceMs: number, fromMs: number): number {
  return Math.max(1, Math.round(patienceMs - (client.elapsedMs() - fromMs)));
}
