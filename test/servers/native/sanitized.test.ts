/**
 * The conformance cases once more over the servers built with AddressSanitizer and UndefinedBehaviorSanitizer. A finding
 * ends the process that made it: of the main process the exit code shows it, of a worker its broken connection.
 */
import { describe, test } from 'node:test';
import { CATALOGUE } from '../../../servers/catalogue.ts';
import type { Variant } from '../../../servers/variant.ts';
import { EXHAUSTIVE } from '../../scope.ts';
import { serves } from '../conformance/regular.ts';
import { casesTriedUnder, servicesTriedUnder } from '../conformance/samples.ts';
import { SHARED_CASES } from '../conformance/shared-cases.ts';
import { shareServer } from '../conformance/shared-server.ts';
import { build, SANITIZED_SERVER } from './build.ts';

const built = build('sanitize');

// The sanitizers' own memory and slowness would be measured by these; what they run is run by the others too.
const BESIDE_THE_POINT =
  /bounded memory|no descriptor|is killed itself|waiting period is over|sends nothing|does not understand/;

const isToThePoint = ({ name }: { readonly name: string }): boolean => !BESIDE_THE_POINT.test(name);
const shared = SHARED_CASES.filter(isToThePoint);

/** One of each way to share the work, so chosen that every service is tried; in `make test-all` every variant. */
const TRIED = ['c-fork', 'c-thread', 'c-epoll', 'c-prefork-mutex', 'c-prefork-pass', 'c-prethread-queue'];
const variants = CATALOGUE.filter(
  ({ language, name }) => language === 'c' && (EXHAUSTIVE || TRIED.includes(name)),
);

function sanitized(variant: Variant): Variant {
  return { ...variant, command: (options) => [SANITIZED_SERVER, ...variant.command(options).slice(1)] };
}

describe('under the sanitizers', { concurrency: 3 }, () => {
  if (!built.ok) {
    test('every variant conforms', (t) => t.skip(built.reason));
    return;
  }
  for (const variant of variants.map(sanitized)) {
    test(`${variant.name} conforms`, async (t) => {
      await shareServer(t, variant, shared);
      for (const service of servicesTriedUnder(variant)) await serves(variant, service);
      for (const each of casesTriedUnder(variant).filter(isToThePoint)) await each.run(variant);
    });
  }
});
