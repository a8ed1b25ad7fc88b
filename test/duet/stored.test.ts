import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { DuetComparison } from '../../harness/results/schema/comparison.ts';
import { judgeDuet } from '../../harness/duet/judgement/judge.ts';
import { readDuet } from '../../harness/duet/read.ts';
import { runFolder } from '../../harness/results/folder.ts';
import { inProcess } from '../cli/in-process.ts';
import { fixture } from '../reports/fixture.ts';
import { renderRun } from '../reports/rendered.ts';
import { course, outcomeOf, plan } from './fixture.ts';

const path = mkdtempSync(join(tmpdir(), 'holdfast-duet-'));
after(() => rmSync(path, { recursive: true, force: true }));
const at = (name: string): string => join(path, name);
let comparison: DuetComparison;

before(async () => {
  const made = plan();
  const { course: done, journal } = await course(made, (launch) =>
    outcomeOf(launch, ({ contrast }) => (contrast === 'head' ? { 'cpu-per-exchange': 1.1 } : {})),
  );
  const arm = (label: string) => ({ label, toolVersion: '1.0.0', startedAt: '2026-01-01T00:00:00.000Z' });
  comparison = judgeDuet(made, done, {
    runId: 'run',
    planHash: 'hash',
    base: arm('main'),
    head: arm('HEAD'),
    environmentDifferences: [],
    remarks: [],
    notCompared: [{ scenario: 'echo', server: 'gone', why: 'it did not start' }],
    tookMs: 60_000,
  });
  const manifest = {
    schema: 1,
    id: 'run',
    toolVersion: '1.0.0',
    lockfileHash: null,
    planHash: 'hash',
    serverHashes: { base: 'a', head: 'b' },
    commandLine: ['npx', 'holdfast', 'duet', '--base', 'main'],
    startedAt: '2026-01-01T00:00:00.000Z',
    status: 'complete',
  };
  writeFileSync(at('plan.json'), JSON.stringify(made));
  writeFileSync(at('run.json'), JSON.stringify(manifest));
  writeFileSync(at('launches.jsonl'), journal.map((line) => `${JSON.stringify(line)}\n`).join(''));
  writeFileSync(at('comparison.json'), JSON.stringify(comparison));
});

test('a stored duet is read back as it was judged', async () => {
  assert.deepEqual((await readDuet(runFolder(path))).comparison, JSON.parse(JSON.stringify(comparison)));
});

test('the report of a duet is drawn again from its folder, with a mark for every launch', async () => {
  const { exitCode, stdout, stderr } = await inProcess('report', path);
  assert.equal(exitCode, 0, stderr);
  assert.match(stdout, /^Regression: loop, CPU per exchange/);
  const page = readFileSync(at('report.html'), 'utf8');
  assert.match(page, /holdfast duet --base main/);
  assert.match(page, /Not compared: gone: it did not start/);
  const [, launches = ''] = /<g class="launches"[^>]*>(.*?)<\/g>/.exec(page) ?? [];
  const marks = comparison.duet.gates.reduce((sum, { d, controlD }) => sum + d.length + controlD.length, 0);
  assert.equal(launches.match(/M/g)?.length, marks);
  assert.match(readFileSync(at('summary.md'), 'utf8'), /npx holdfast duet/);
  const markdown = await inProcess('report', path, '--format', 'markdown');
  assert.match(markdown.stdout, /^## Regression/);
});

test('the report of a run that a duet is given with has its launches in section 12, and as a file', async () => {
  const { run, summary } = fixture({ servers: 2, levels: [1, 10], trials: 2 });
  const files = await renderRun(run, summary, comparison);
  assert.match(files['report.html'], /<svg class="chart" id="c-comparison-launches"/);
  assert.match(files['charts/comparison-launches.svg'] ?? '', /<g class="launches"/);
  assert.doesNotMatch(files['charts/comparison-launches.svg'] ?? '', /var\(|NaN|undefined/);
});

test('a damaged comparison and a duet that was never judged are errors that say so', async () => {
  writeFileSync(at('comparison.json'), JSON.stringify({ ...comparison, duet: { seed: 1 } }));
  const damaged = await inProcess('report', path);
  assert.equal(damaged.exitCode, 3);
  assert.match(damaged.stderr, /comparison\.json at duet\./);
  rmSync(at('comparison.json'));
  const unjudged = await inProcess('report', path);
  assert.equal(unjudged.exitCode, 2);
  assert.match(unjudged.stderr, /ended before it was judged/);
});
