/**
 * The conformance cases once more over the servers built with AddressSanitizer and UndefinedBehaviorSanitizer. A finding
 * ends the process that made it: of the main process the exit code shows it, of a worker its broken connection.
 */
import { describe, test } from 'node:test';
import { CATALOGUE } from '../../../servers/catalogue.ts';
import type { Variant } from '../../../servers/variant.ts';
import { FAULT_CASES } from '../conformance/fault-cases.ts';
import { HOSTILE_CASES } from '../conformance/hostile-cases.ts';
import { REGULAR_CASES } from '../conformance/regular-cases.ts';
import { WAITING_CASES } from '../conformance/waiting-cases.ts';
import { build, SANITIZED_SERVER } from './build.ts';

const built = build('sanitize');

// The sanitizers' own memory and slowness would be measured by these; what they run is run by the others too.
const BESIDE_THE_POINT = /bounded memory|no descriptor|is killed itself|waiting period is over|sends nothing/;

const cases = [...WAITING_CASES, ...FAULT_CASES, ...HOSTILE_CASES].filter(
  ({ name }) => !BESIDE_THE_POINT.test(name),
);

function sanitized(variant: Variant): Variant {
  return { ...variant, command: (options) => [SANITIZED_SERVER, ...variant.command(options).slice(1)] };
}

describe('under the sanitizers', { concurrency: 3 }, () => {
  if (!built.ok) {
    test('every variant conforms', (t) => t.skip(built.reason));
    return;
  }
  for (const variant of CATALOGUE.filter(({ language }) => language === 'c').map(sanitized)) {
    test(`${variant.name} conforms`, async () => {
      for (const service of variant.services) {
        for (const each of REGULAR_CASES) await each.run(variant, service);
      }
      for (const each of cases) {
        if (each.without?.(variant) === undefined) await each.run(variant, 'session');
      }
    });
  }
});
