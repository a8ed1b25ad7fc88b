import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../property.ts';
import { ServerError } from '../../../servers/errors.ts';
import { parseParameters } from '../../../servers/services/api/parameters.ts';

const TABLE = {
  raw: { type: 'boolean', default: false, about: 'a switch' },
  count: { type: 'integer', default: 3, min: 1, max: 9, about: 'a number' },
  share: { type: 'share', default: 0.5, about: 'a part' },
  cpu: { type: 'durationUs', default: 1000, max: 2_000_000, about: 'a time' },
} as const;

test('what is not set has its default', () => {
  assert.deepEqual(parseParameters('svc', TABLE, []), { raw: false, count: 3, share: 0.5, cpu: 1000 });
});

test('every type is read, and the last setting of a name wins', () => {
  const settings = ['raw=true', 'count=1', 'count=9', 'share=0.25', 'cpu=2ms'];
  assert.deepEqual(parseParameters('svc', TABLE, settings), { raw: true, count: 9, share: 0.25, cpu: 2000 });
  assert.equal(parseParameters('svc', TABLE, ['cpu=700us']).cpu, 700);
  assert.equal(parseParameters('svc', TABLE, ['cpu=2s']).cpu, 2_000_000);
});

test('an unknown name or a bad value says what is allowed', () => {
  const cases: [string, RegExp][] = [
    ['nothing', /NAME=VALUE/],
    ['other=1', /no parameter 'other'.*raw, count, share, cpu/],
    ['constructor=1', /no parameter/],
    ['raw=yes', /true or false/],
    ['count=10', /from 1 to 9/],
    ['count=1.5', /whole number/],
    ['share=1.1', /from 0 to 1/],
    ['cpu=3s', /up to 2s/],
    ['cpu=5', /500us/],
  ];
  for (const [setting, says] of cases) {
    assert.throws(
      () => parseParameters('svc', TABLE, [setting]),
      (error) => error instanceof ServerError && error.exitCode === 2 && says.test(error.message),
      setting,
    );
  }
});

test('any text is either a value within its range or a clear refusal', () => {
  fc.assert(
    fc.property(fc.constantFrom('raw', 'count', 'share', 'cpu'), fc.string(), (name, value) => {
      try {
        const { count, share, cpu } = parseParameters('svc', TABLE, [`${name}=${value}`]);
        assert.ok(count >= 1 && count <= 9 && share >= 0 && share <= 1 && cpu >= 0 && cpu <= 2_000_000);
      } catch (error) {
        assert.ok(error instanceof ServerError);
      }
    }),
  );
});
