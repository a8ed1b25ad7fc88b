import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { selectScenarios } from '../../harness/catalogue/scenarios.ts';
import { canHold, heldLoad, sliceLoad } from '../../harness/duet/launch/loads.ts';
import { REFERENCE_START_MS, usualCost } from '../../harness/plan/usual-costs.ts';
import { fakeServer } from '../analysis/fixture.ts';
import { SERVER } from '../duet/fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-traits-'));
after(() => rmSync(folder, { recursive: true }));

/** A scenario of a user's own, whose parameters have names that the built-in ones use for something else. */
function ownScenario(name: string, declared = ''): string {
  const file = join(folder, `${name}.ts`);
  const integer = (value: number): string =>
    `{ kind: 'integer', default: ${value}, min: 0, max: 9999, description: '.' }`;
  writeFileSync(
    file,
    `export default {
      id: '${name}', title: 'Mine', question: '', service: 'echo', headline: 'elapsed', metrics: [],
      parameters: {
        duration: ${integer(3)}, patience: ${integer(7)}, rate: ${integer(5)},
        think: { kind: 'text', default: 'hard', description: '.' },
        period: { kind: 'duration', default: 300, min: 1, max: 9999, description: '.' },
        pause: { kind: 'think', default: '5ms', description: '.' },
        frequency: { kind: 'rate', default: 0, min: 0, max: 9999, description: '.' },
      },
      idealMs: () => 100, deadlineMs: () => 60_000, client: async () => {},
      ${declared}
    };`,
  );
  return file;
}

async function planned(name: string, declared?: string, options?: Parameters<typeof selectScenarios>[2]) {
  const [scenario] = await selectScenarios([ownScenario(name, declared)], [], options);
  assert.ok(scenario);
  return scenario.planned;
}

const TIMING = { holdMs: 400, warmupMs: 100, slices: 4, sliceMs: 100, settleMs: 10 };

describe('what a scenario declares', () => {
  it('is all that is known of it: the names of its parameters mean nothing', async () => {
    const scenario = await planned('undeclared');
    assert.deepEqual(scenario.traits, {});
    assert.equal(canHold(scenario), false);
    const slice = sliceLoad({ ...SERVER, scenario }, TIMING, 1);
    assert.deepEqual(slice.spec.parameters, scenario.parameters);
    const iterative = fakeServer('a', { analytic: { kind: 'iterative' } });
    assert.ok(
      usualCost(iterative, scenario, 100, REFERENCE_START_MS).loadMs > 100 * scenario.idealMs,
      'nobody gives up after 7 ms',
    );
  });

  it('is read under the names that it gives', async () => {
    const declared = "timedBy: 'period', patienceBy: 'period', thinkBy: 'pause', pacedBy: 'frequency'";
    const scenario = await planned('declared', declared);
    assert.deepEqual(scenario.traits, { timedBy: 'period', patienceMs: 300, thinkBy: 'pause' });
    assert.equal(canHold(scenario), true);
    const { parameters } = heldLoad({ ...SERVER, scenario }, TIMING, 1).spec;
    assert.deepEqual([parameters['period'], parameters['pause']], [400, '1h']);
    assert.deepEqual([parameters['duration'], parameters['think']], [3, 'hard']);
    const paced = await planned('declared', declared, { rate: '50/s' });
    assert.equal(paced.parameters['frequency'], 50);
    assert.equal(paced.traits?.ratePerSecond, 50);
    assert.equal(canHold(paced), false);
  });

  it('must name parameters of the right kind', async () => {
    await assert.rejects(
      planned('wrong', "timedBy: 'duration', pacedBy: 'nothing', thinkBy: 5, ramps: 'no'"),
      /ramps must be a boolean; timedBy must be the name of a parameter of kind duration; thinkBy must .* kind think; pacedBy must .* kind rate/,
    );
  });
});

describe('an option that a scenario cannot honour is refused', () => {
  it('--rate, where no parameter is its rate', async () => {
    const says = (id: string): RegExp =>
      new RegExp(`^--rate: scenario "${id}" cannot be paced; .* run one that can \\(echo, http\\)\\.$`);
    await assert.rejects(selectScenarios(['chat'], [], { rate: '10/s' }), {
      message: says('chat'),
      exitCode: 2,
    });
    await assert.rejects(selectScenarios(['echo', 'session'], [], { rate: '10/s' }), {
      message: says('session'),
    });
    await assert.rejects(planned('unpaced', '', { rate: '10/s' }), { message: says('unpaced') });
  });

  it('--ramp, where its clients have to start together', async () => {
    const says = (id: string): RegExp =>
      new RegExp(`^--ramp: the clients of scenario "${id}" all start at the same`);
    await assert.rejects(selectScenarios(['http'], [], { rampMs: 1 }), {
      message: says('http'),
      exitCode: 2,
    });
    await assert.rejects(planned('together', 'ramps: false', { rampMs: 1 }), { message: says('together') });
    await planned('apart', '', { rampMs: 1 });
    await planned('at-once', 'ramps: false', { rampMs: 0 });
  });
});
