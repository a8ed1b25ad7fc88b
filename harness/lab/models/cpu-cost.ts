/** What a load costs a server in CPU time, measured as often as one asks. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TreeSampler } from '../../observe/sampler/sampler.ts';
import type { ServerUnderTest } from '../../rig/server-under-test.ts';
import { makeBareLoad, type BareLoad } from '../bare-client.ts';

/** Loads last for tenths of a second: samples are taken at their edges. */
const SAMPLE_PERIOD_MS = 10_000;

/** A server is at rest when it used less than so much in so long: the ends of connections have been worked off. */
const REST_NS = 100_000;
const REST_MS = 10;
const REST_DEADLINE_MS = 5000;

/** CPU time of the server's whole tree over a load and until it is at rest again, in µs. */
export async function cpuUsOf(server: ServerUnderTest, load: BareLoad, signal: AbortSignal): Promise<number> {
  await using sampler = server.watch(SAMPLE_PERIOD_MS);
  await makeBareLoad(load, server.port, signal);
  await atRest(sampler);
  return (await sampler.stop()).cpuNs / 1000;
}

async function atRest(sampler: TreeSampler): Promise<void> {
  const deadline = performance.now() + REST_DEADLINE_MS;
  let before = sampler.sample().cpuNs;
  for (;;) {
    await sleep(REST_MS);
    const now = sampler.sample().cpuNs;
    if (now - before < REST_NS || performance.now() > deadline) return;
    before = now;
  }
}
