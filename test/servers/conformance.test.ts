/**
 * The contract of docs/servers/contract.md, checked of every variant that can be started here, in both languages,
 * through nothing but its command line. `VARIANTS=c-fork,ts-loop` names those to look at.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CATALOGUE } from '../../servers/catalogue.ts';
import { SERVICES } from '../../servers/services/registry.ts';
import { serves } from './conformance/regular.ts';
import { CASES, casesTriedUnder, servicesTriedUnder } from './conformance/samples.ts';
import { SHARED_CASES } from './conformance/shared-cases.ts';
import { shareServer } from './conformance/shared-server.ts';

const named = process.env['VARIANTS']?.split(',');

test('every service and every case is tried under a variant in each language that has it', () => {
  for (const language of ['ts', 'c'] as const) {
    const variants = CATALOGUE.filter((variant) => variant.language === language);
    const offered = Object.entries(SERVICES).filter(([, { languages }]) => languages.includes(language));
    const tried = new Set<string>(['echo', ...variants.flatMap(servicesTriedUnder)]);
    assert.deepEqual(
      offered.map(([name]) => name).filter((name) => !tried.has(name)),
      [],
    );
    const cases = new Set(variants.flatMap(casesTriedUnder));
    assert.deepEqual(
      CASES.filter((each) => !cases.has(each)).map(({ name }) => name),
      [],
    );
  }
});

describe('a server', { concurrency: 4 }, () => {
  for (const variant of CATALOGUE.filter(({ name }) => named === undefined || named.includes(name))) {
    describe(variant.name, { concurrency: 1 }, () => {
      const availability = variant.available();
      if (!availability.ok) {
        test('can be started here', (t) => t.skip(availability.reason));
        return;
      }
      test('serves everybody who comes to it', (t) => shareServer(t, variant, SHARED_CASES));
      for (const service of servicesTriedUnder(variant)) {
        test(`serves ${service} to one client, then to many, and settles its accounts`, () =>
          serves(variant, service));
      }
      for (const each of casesTriedUnder(variant)) test(each.name, () => each.run(variant));
    });
  }
});
