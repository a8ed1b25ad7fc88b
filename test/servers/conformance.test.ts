/**
 * The contract of docs/servers/contract.md, held against every variant that can be started here, in both languages,
 * through nothing but its command line. `VARIANTS=c-fork,ts-loop` names those to look at.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CATALOGUE } from '../../servers/catalogue.ts';
import { SERVICES } from '../../servers/services/registry.ts';
import type { ServiceName } from '../../servers/services/registry.ts';
import type { Variant } from '../../servers/variant.ts';
import type { Case } from './conformance/case.ts';
import { COMMAND_CASES } from './conformance/command-cases.ts';
import { FAULT_CASES } from './conformance/fault-cases.ts';
import { HOSTILE_CASES } from './conformance/hostile-cases.ts';
import { REGULAR_CASES } from './conformance/regular-cases.ts';
import { WAITING_CASES } from './conformance/waiting-cases.ts';

const named = process.env['VARIANTS']?.split(',');
const variants = CATALOGUE.filter(({ name }) => named === undefined || named.includes(name));
const services = Object.keys(SERVICES) as ServiceName[];

test('every pair of variant and service is either tried or declared impossible', (t) => {
  for (const service of services) {
    const row = variants.map((variant) => (variant.services.includes(service) ? '+' : '-'));
    t.diagnostic(`${service.padEnd(10)} ${row.join(' ')}`);
  }
  t.diagnostic(variants.map(({ name }) => name).join(' '));
  for (const variant of variants) {
    assert.ok(variant.services.length > 0, `${variant.name} runs no service`);
    assert.ok(variant.services.every((service) => services.includes(service)));
  }
});

describe('a server', { concurrency: 6 }, () => {
  for (const variant of variants) {
    describe(variant.name, { concurrency: 1 }, () => {
      const availability = variant.available();
      if (!availability.ok) {
        test('can be started here', (t) => t.skip(availability.reason));
        return;
      }
      for (const each of REGULAR_CASES) {
        for (const service of variant.services) tryCase(each, variant, service);
      }
      for (const each of [...WAITING_CASES, ...FAULT_CASES, ...HOSTILE_CASES, ...COMMAND_CASES]) {
        if (each.without?.(variant) === undefined) tryCase(each, variant, 'session');
      }
    });
  }
});

function tryCase(each: Case, variant: Variant, service: ServiceName): void {
  const title = REGULAR_CASES.includes(each) ? `${each.name} (${service})` : each.name;
  test(title, () => each.run(variant, service));
}
