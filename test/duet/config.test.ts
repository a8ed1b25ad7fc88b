import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readDuetConfig } from '../../harness/duet/read.ts';
import { UsageError } from '../../harness/errors.ts';

const COMMITTED = new URL('../../holdfast.duet.json', import.meta.url);

const folder = mkdtempSync(join(tmpdir(), 'holdfast-config-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A configuration on disk. */
function some(text: string): string {
  const path = join(folder, 'some.json');
  writeFileSync(path, text);
  return path;
}

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
    const config = await readDuetConfig(
      some(
        '{"delta":0.03,"margin":0.05,"looks":[{"launches":12,"alpha":0.05}],"gates":{"throughput":{"delta":0.04}}}',
      ),
    );
    assert.deepEqual(config.gates, { throughput: { delta: 0.04 } });
    assert.deepEqual(config.timing, { holdMs: 2400, warmupMs: 800, slices: 4, sliceMs: 400, settleMs: 40 });
  });

  const wrong: readonly (readonly [what: string, text: string, says: RegExp])[] = [
    ['no JSON', '{"delta": ', /some\.json is not valid JSON/],
    ['a truncated file', changed({}).slice(0, 80), /not valid JSON/],
    ['an unknown name', changed({ detla: 0.03 }), /unknown field "detla"; did you mean "delta"/],
    [
      'a delta of nothing',
      changed({ delta: 0 }),
      /at delta: expected a share above 0, such as 0\.03 for 3 %, found 0/,
    ],
    ['a percentage for a share', changed({ margin: 5 }), /at margin: expected a share below 1/],
    [
      'a margin below delta',
      changed({ delta: 0.05, margin: 0.03 }),
      /at margin: expected a margin of at least delta/,
    ],
    ['no interim analysis', changed({ looks: [] }), /at looks: expected at least one interim analysis/],
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
    [
      'an odd number of slices',
      changed({ timing: { slices: 3 } }),
      /at timing\.slices: expected an even number of slices, found 3/,
    ],
    ['a gate that is no object', changed({ gates: { throughput: 0.03 } }), /at gates\.throughput/],
  ];
  for (const [what, text, says] of wrong) {
    it(`is refused with its place where there is ${what}`, async () => {
      await assert.rejects(readDuetConfig(some(text)), (error: unknown) => {
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
