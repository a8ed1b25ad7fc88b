import { strict as assert } from 'node:assert';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadScenario, scenarioModuleOf, SCENARIOS } from '../../scenarios/catalogue.ts';
import { problemsOf } from '../../scenarios/common/shape.ts';
import { defaultsOf, parseParameter } from '../../harness/scenario/parameter.ts';

async function loadText(text: string, name = 'mine.ts') {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'scenario-'));
  const file = join(folder.path, name);
  await writeFile(file, text);
  return await loadScenario(file);
}

void test('every built-in scenario has the shape that is asked of a user’s', async () => {
  for (const scenario of SCENARIOS) {
    assert.deepEqual(problemsOf(scenario), []);
    assert.equal(await loadScenario(scenarioModuleOf(scenario.id, '/')), scenario);
  }
});

void test('every default of a built-in scenario is a value that its own parameter takes', () => {
  for (const scenario of SCENARIOS) {
    for (const [name, parameter] of Object.entries(scenario.parameters)) {
      const text = parameter.kind === 'duration' ? `${parameter.default}ms` : String(parameter.default);
      assert.equal(parseParameter(name, parameter, text), parameter.default, `${scenario.id}.${name}`);
    }
  }
});

void test('floor, warm-up and deadline of every built-in scenario are in order for its defaults', () => {
  for (const scenario of SCENARIOS) {
    const values = defaultsOf(scenario.parameters);
    const idealMs = scenario.idealMs(values);
    assert.ok(idealMs >= 0);
    assert.ok((scenario.warmupMs?.(values) ?? 0) <= idealMs);
    for (const clients of [1, 500]) assert.ok(scenario.deadlineMs(values, clients) > idealMs);
  }
});

void test('a name is a built-in scenario or a path', () => {
  assert.equal(scenarioModuleOf('session', '/home'), 'builtin:session');
  assert.equal(scenarioModuleOf('./mine.ts', '/home'), '/home/mine.ts');
  assert.equal(scenarioModuleOf('mine.mjs', '/home'), '/home/mine.mjs');
  assert.throws(() => scenarioModuleOf('sesion', '/'), { message: /did you mean "session"/, exitCode: 2 });
});

void test('a file that is not there, or cannot be loaded, or exports nothing, says so', async () => {
  await assert.rejects(loadScenario('/nowhere/mine.ts'), /\/nowhere\/mine\.ts: the file does not exist/);
  await assert.rejects(loadText('const a = ;'), /cannot be loaded/);
  await assert.rejects(loadText('throw new Error("at home");'), /cannot be loaded: at home/);
  await assert.rejects(loadText('export const x = 1;'), /has no default export; write "export default/);
});

void test('a wrong shape is told field by field, all at once', async () => {
  const text = `export default {
    id: 'Mine', title: 5, question: '', service: 'echo', headline: 'x', metrics: [{ id: 'a' }],
    parameters: { size: { kind: 'integer', default: 'many', description: '' }, way: { kind: 'choose' } },
    idealMs: () => 0, deadlineMs: 1000,
  };`;
  await assert.rejects(loadText(text), (error: Error) => {
    for (const part of [
      'title must be a string',
      'deadlineMs must be a function',
      'client is missing',
      'id takes lower-case letters',
      'metrics[0].title is missing',
      'metrics[0].source is missing',
      'parameters.size.default must be a number',
      'parameters.size.min is missing',
      'parameters.way.kind must be one of integer',
    ]) {
      assert.ok(error.message.includes(part), `"${part}" in: ${error.message}`);
    }
    return true;
  });
  await assert.rejects(loadText('export default 5;'), /its default export is not an object/);
});
