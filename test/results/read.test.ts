import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from '../property.ts';
import { HoldfastError } from '../../harness/errors.ts';
import { createRunFolder, findRunFolder, pointLatest, type RunFolder } from '../../harness/results/folder.ts';
import { type Run, readRun } from '../../harness/results/run.ts';
import { sha256 } from '../../harness/results/files.ts';
import { fixture } from '../reports/fixture.ts';

const results = mkdtempSync(join(tmpdir(), 'holdfast-read-'));
after(() => rmSync(results, { recursive: true, force: true }));

const { run } = fixture({ servers: 2, levels: [1, 10], trials: 2 });

/** A run on disk as the harness leaves it. */
function stored(): { readonly folder: RunFolder; readonly written: Run } {
  const folder = createRunFolder(results);
  const plan = JSON.stringify(run.plan);
  const written = { ...run, manifest: { ...run.manifest, planHash: sha256(plan) } };
  writeFileSync(folder.plan, plan);
  writeFileSync(folder.manifest, JSON.stringify(written.manifest));
  writeFileSync(folder.environment, JSON.stringify(written.environment));
  writeFileSync(folder.trials, written.trials.map((trial) => `${JSON.stringify(trial)}\n`).join(''));
  return { folder, written };
}

describe('a stored run', () => {
  it('reads back as it was written', async () => {
    const { folder, written } = stored();
    const read = await readRun(folder);
    assert.deepEqual(read.plan, written.plan);
    assert.deepEqual(read.trials, written.trials);
  });

  it('is read without its torn last line, which was never acknowledged', async () => {
    const { folder, written } = stored();
    appendFileSync(folder.trials, JSON.stringify(written.trials[0]).slice(0, 100));
    assert.equal((await readRun(folder)).trials.length, written.trials.length);
  });

  it('names file and line of a damaged trial', async () => {
    const { folder } = stored();
    const lines = readFileSync(folder.trials, 'utf8').split('\n');
    writeFileSync(folder.trials, [lines[0], '{"schema":1', ...lines.slice(2)].join('\n'));
    await assert.rejects(readRun(folder), /trials\.jsonl, line 2 is not valid JSON/);
    writeFileSync(folder.trials, [lines[0], lines[1]?.replace('"schema":1', '"schema":9'), ''].join('\n'));
    await assert.rejects(readRun(folder), /trials\.jsonl, line 2/);
  });

  it('is refused where a trial is there twice, or is not the one that was planned', async () => {
    const { folder } = stored();
    const lines = readFileSync(folder.trials, 'utf8').split('\n');
    writeFileSync(folder.trials, [lines[0], lines[1], lines[0], ''].join('\n'));
    await assert.rejects(readRun(folder), /trials\.jsonl, line 3: trial 0 is there twice/);
    writeFileSync(folder.trials, `${lines[0]?.replace(/"clients":\d+/, '"clients":7')}\n`);
    await assert.rejects(readRun(folder), /line 1: trial 0 \(.*, 7 clients\) is not in the plan/);
    writeFileSync(folder.trials, `${lines[0]?.replace('"index":0', '"index":99')}\n`);
    await assert.rejects(readRun(folder), /line 1: trial 99 .* is not in the plan/);
  });

  it('is refused with the place when any file of it is cut short or holds something else', async () => {
    const { folder } = stored();
    const paths = [folder.plan, folder.manifest, folder.environment];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.nat(), fc.boolean(), async (path, at, cut) => {
        const whole = readFileSync(path, 'utf8');
        writeFileSync(path, cut ? whole.slice(0, at % whole.length) : `[${at}]`);
        try {
          await assert.rejects(
            readRun(folder),
            (error) => error instanceof HoldfastError && error.message.includes(path),
          );
        } finally {
          writeFileSync(path, whole);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is found by path, by id and as the latest', () => {
    const { folder } = stored();
    pointLatest(folder);
    const id = folder.path.split('/').at(-1) ?? '';
    assert.equal(findRunFolder(folder.path, '/nowhere').path, folder.path);
    assert.equal(findRunFolder(id, results).path, folder.path);
    assert.match(findRunFolder('latest', results).path, /latest$/);
    assert.throws(() => findRunFolder('nothing', results), /There is no run at nothing/);
  });
});
