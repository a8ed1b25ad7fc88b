import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseDuetConfig, readDuetConfig } from '../../harness/duet/planning/config.ts';
import { UsageError } from '../../harness/errors.ts';

const COMMITTED = new URL('../../holdfast.duet.json', import.meta.url);

function changed(change: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...(JSON.parse(readFileSync(COMMITTED, 'utf8')) as object), ...change });
}

describe('holdfast.duet.json', () => {
  it('that is committed can be read, and spends at most 5 % on false alarms', async () => {
    const { rule, gates } = await readDuetConfig(COMMITTED.pathname);
    assert.ok(rule.analyses.reduce((sum, { alpha }) => sum + alpha, 0) <= 0.05 + 1e-12);
    assert.equal(Object.keys(gates)[0], 'cpu-per-exchange');
  });

  it('that leaves things out has their defaults', async () => {
    const config = await parseDuetConfig(
      '{"delta":0.03,"margin":0.05,"looks":[{"launches":12,"alpha":0.05}],"gates":{"throughput":{"delta":0.04}}}',
      'some.json',
    );
    assert.deepEqual(config.gates, { throughput: { delta: 0.04 } });
    assert.deepEqual(config.timing, { holdMs: 2400, warmupMs: 800, slices: 4, sliceMs: 400, settleMs: 40 });
  });

  const wrong: readonly (readonly [what: string, text: string, says: RegExp])[] = [
    ['no JSON', '{"delta": ', /some\.json is not valid JSON/],
    ['a truncated file', changed({}).slice(0, 80), /not valid JSON/],
    ['an unknown name', changed({ detla: 0.03 }), /detla/],
    ['a delta of nothing', changed({ delta: 0 }), /at delta: a share above 0/],
    ['a percentage for a share', changed({ margin: 5 }), /at margin: a share below 1/],
    [
      'a margin below delta',
      changed({ delta: 0.05, margin: 0.03 }),
      /at margin: the margin is at least delta/,
    ],
    ['no interim analysis', changed({ looks: [] }), /at looks: at least one interim analysis/],
    [
      'interim analyses that run backwards',
      changed({
        looks: [
          { launches: 18, alpha: 0.01 },
          { launches: 12, alpha: 0.01 },
        ],
      }),
      /ascending order/,
    ],
    ['alphas that promise nothing', changed({ looks: [{ launches: 12, alpha: 0.3 }] }), /0\.2 at most/],
    ['an odd number of slices', changed({ timing: { slices: 3 } }), /at timing\.slices: an even number/],
    ['a gate that is no object', changed({ gates: { throughput: 0.03 } }), /at gates\.throughput/],
  ];
  for (const [what, text, says] of wrong) {
    it(`is refused with its place where there is ${what}`, async () => {
      await assert.rejects(parseDuetConfig(text, 'some.json'), (error: unknown) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, says);
        return true;
      });
    });
  }

  it('that is not there is an error that names it', async () => {
    await assert.rejects(
      readDuetConfig('/nowhere/rules.json'),
      /Cannot read the configuration \/nowhere\/rules\.json/,
    );
  });
});
