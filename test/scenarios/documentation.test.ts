import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inProcessBackend } from '../load/fixtures/in-process-backend.ts';
import { defaultsOf, parseParameter } from '../../harness/scenario/parameter.ts';
import { loadScenario, SCENARIOS } from '../../scenarios/catalogue.ts';
import { loadSpec } from '../load/fixtures/run-shard.ts';
import { serveFrames } from '../load/fixtures/servers.ts';

const PAGE = await readFile(new URL('../../docs/scenarios.md', import.meta.url), 'utf8');
const ROOT = new URL('../../', import.meta.url).href;

void test('the example of the documentation runs as it stands there', async () => {
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(PAGE) ?? [];
  await using folder = await mkdtempDisposable(join(tmpdir(), 'example-'));
  const file = join(folder.path, 'bursts.ts');
  await writeFile(file, code.replaceAll("'../", `'${ROOT}`));
  const scenario = await loadScenario(file);
  await using server = await serveFrames();
  await using backend = inProcessBackend();
  const never = new AbortController().signal;
  const parameters = defaultsOf(scenario.parameters);
  await using fleet = await backend.acquire(
    loadSpec({ scenarioModule: file, parameters, port: server.port, clients: 4 }),
    never,
  );
  await fleet.prepare();
  const result = await fleet.run(never);
  assert.equal(result.clients.completed, 4);
  assert.equal(result.exchanges.completed, 4 * 3 * 10);
  assert.equal(result.histograms['burst']?.count, 12);
  assert.ok(result.elapsedMs >= scenario.idealMs(parameters));
});

void test('the documentation names every parameter of the session and echo scenarios', () => {
  for (const scenario of SCENARIOS.filter(({ id }) => id === 'session' || id === 'echo')) {
    const [, section = ''] = PAGE.split(new RegExp(`^## ${scenario.id}\\b`, 'm'));
    for (const name of Object.keys(scenario.parameters)) {
      assert.match(section, new RegExp(`^\\| \`${name}\` \\|`, 'm'), `${scenario.id}: ${name}`);
    }
  }
});

void test('the page of a scenario names all its parameters, with their defaults, and all its metrics', async () => {
  const pages = new URL('../../docs/scenarios/', import.meta.url);
  for (const { id, parameters, metrics } of SCENARIOS) {
    if (!existsSync(new URL(`${id}.md`, pages))) continue;
    const page = await readFile(new URL(`${id}.md`, pages), 'utf8');
    for (const [name, parameter] of Object.entries(parameters)) {
      const row = new RegExp(`^\\| \`${name}\` \\| ([^|]*) \\|`, 'm').exec(page);
      assert.ok(row, `${id}: ${name}`);
      assert.equal(parseParameter(name, parameter, row[1] ?? ''), parameter.default, `${id}: ${name}`);
    }
    for (const metric of metrics) assert.ok(page.includes(`\`${metric.id}\``), `${id}: ${metric.id}`);
  }
});
