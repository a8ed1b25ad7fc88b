import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Comparison } from '../../harness/results/schema/comparison.ts';
import { fakeRun, fakeServer, type RunOptions } from '../analysis/fixture.ts';
import { holdfast } from './holdfast.ts';
import { inProcess } from './in-process.ts';
import { storeRun } from './stored-run.ts';

const out = mkdtempSync(join(tmpdir(), 'holdfast-compare-'));
after(() => rmSync(out, { recursive: true, force: true }));

/** Twelve trials of every cell; CPU time by a factor, a little off from trial to trial. @returns the run's folder */
async function stored(cpu: number, options: Partial<RunOptions> = {}): Promise<string> {
  const run = fakeRun({
    servers: [fakeServer('ts-prefork-accept'), fakeServer('ts-loop')],
    clients: [10, 500],
    trialsPerCell: 12,
    measure: ({ repetition, server }) => {
      const noise = 1 + (((repetition * 7) % 12) - 6) / 1000;
      const factor = server === 'ts-loop' ? 1 : cpu;
      return { elapsedMs: 1000 * noise, cpuNs: 1e6 * factor * noise, latencyMs: 2 * noise };
    },
    ...options,
  });
  return (await storeRun(run, out)).path;
}

const base = await stored(1);
const head = await stored(1.05);
const elsewhere = await stored(1.05, { identity: { cpuModel: 'Another CPU' } });

describe('holdfast compare', () => {
  it('shows what can be told in a table of at most 80 columns, counts the rest, and ends well', async () => {
    const { exitCode, stdout, stderr } = await holdfast('compare', base, head);
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /20 comparisons in 4 cells: the head is worse in 2, better in 0; no\s+difference/);
    assert.match(
      stdout,
      /^ts-prefork.* 500 +CPU per exchange \(cold\) +\+5 % \(\+4\.\d+ % to \+5\.\d+ %\)$/m,
    );
    assert.match(stdout, /^The head is worse:$/m);
    assert.doesNotMatch(stdout, /The head is better:/);
    assert.doesNotMatch(stdout, /ts-loop/, 'nothing can be told of it');
    assert.match(stdout, /advisory/);
    for (const line of stdout.split('\n')) assert.ok(Array.from(line).length <= 80, line);
  });

  it('finds runs by their id below --out', async () => {
    const { exitCode, stdout } = await inProcess('compare', basename(head), basename(base), '--out', out);
    assert.equal(exitCode, 0);
    assert.match(stdout, /worse in 0, better in 2/);
  });

  it('says why nothing can be told where nothing can', async () => {
    const { exitCode, stdout } = await inProcess('compare', base, base);
    assert.equal(exitCode, 0);
    assert.match(stdout, /worse in 0, better in 0/);
    assert.match(stdout.replaceAll('\n', ' '), /Nearest to a difference: .*no detectable difference/);
  });

  it('gives every effect as JSON and as Markdown', async () => {
    const json = await inProcess('compare', base, head, '--format', 'json');
    const comparison = JSON.parse(json.stdout) as Comparison;
    assert.equal(comparison.effects.length, 20);
    assert.equal(comparison.forced, false);
    const markdown = await inProcess('compare', base, head, '--format', 'markdown');
    assert.equal(markdown.stdout.match(/^\| ts-/gm)?.length, 20);
    assert.match(markdown.stdout, /advisory/);
  });

  it('refuses runs of different environments, and writes into the output that it was forced', async () => {
    const refused = await inProcess('compare', base, elsewhere);
    assert.equal(refused.exitCode, 3);
    assert.equal(refused.stdout, '');
    assert.match(refused.stderr, /cpuModel: "Example.*" against "Another CPU".*--force/);
    const forced = await inProcess('compare', base, elsewhere, '--force');
    assert.equal(forced.exitCode, 0);
    assert.match(forced.stdout, /^Forced: the environments differ/m);
    const json = await inProcess('compare', base, elsewhere, '--force', '--format', 'json');
    assert.equal((JSON.parse(json.stdout) as Comparison).forced, true);
    const markdown = await inProcess('compare', base, elsewhere, '--force', '--format', 'markdown');
    assert.match(markdown.stdout, /^Forced: /m);
  });

  it('says what the runs do not have in common', async () => {
    const other = await stored(1, { servers: [fakeServer('ts-thread')] });
    const { exitCode, stdout } = await inProcess('compare', base, other);
    assert.equal(exitCode, 0);
    assert.match(stdout, /nothing in common that could be compared/);
    assert.match(stdout.replaceAll('\n', ' '), /only the base has this cell \(4\)/);
  });

  it('names a run that is not there, one that is damaged, and one that is missing on the command line', async () => {
    const missing = await inProcess('compare', base, 'nothing', '--out', out);
    assert.equal(missing.exitCode, 2);
    assert.match(missing.stderr, /There is no run at nothing/);
    const damaged = await stored(1);
    writeFileSync(join(damaged, 'environment.json'), '{');
    const broken = await inProcess('compare', base, damaged);
    assert.equal(broken.exitCode, 3);
    assert.match(broken.stderr, /environment\.json is not valid JSON/);
    const one = await inProcess('compare', base);
    assert.equal(one.exitCode, 2);
    assert.match(one.stderr, /Not enough/);
  });
});
