/** The golden report: what is drawn of a run that was measured, in every form. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { summarise } from '../../harness/analysis/summarise.ts';
import { printed } from '../../reports/outputs/outputs.ts';
import { reportOfRun } from '../../reports/view/report.ts';
import { recordedRun } from './recorded.ts';
import { renderRun, withoutScript } from './rendered.ts';

const golden = (name: string): string => join(import.meta.dirname, 'golden', name);
const asIs = { serializers: [(value: string): string => value] };

const run = await recordedRun();
const summary = summarise(run);
const files = await renderRun(run, summary);
const terminal = await printed(reportOfRun(run, summary), 'text', 80);

test('the recorded run looks as it did: page, Markdown, CSV, terminal and its main charts', (t) => {
  t.assert.fileSnapshot(withoutScript(files['report.html']), golden('report.html'), asIs);
  t.assert.fileSnapshot(files['summary.md'], golden('summary.md'), asIs);
  t.assert.fileSnapshot(files['summary.csv'], golden('summary.csv'), asIs);
  t.assert.fileSnapshot(terminal, golden('terminal.txt'), asIs);
  for (const name of ['elapsed.svg', 'panels.svg', 'throughput.svg', 'order-elapsed.svg'] as const) {
    t.assert.fileSnapshot(files[`charts/${name}`] ?? '', golden(name), asIs);
  }
});

test('lost clients, failed exchanges and failed trials are in every form of it', () => {
  const plain = (text: string): string =>
    text
      .replace(/<[^>]*>|\*\*|[\\]/g, ' ')
      .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
  const forms = {
    html: files['report.html'],
    markdown: files['summary.md'],
    csv: files['summary.csv'],
    terminal,
  };
  for (const [form, text] of Object.entries(forms)) {
    const flat = plain(text).replace(/\s+/g, ' ');
    assert.match(flat, /the database is gone/, `${form}: first words of a failed exchange`);
    if (form === 'csv') continue;
    assert.match(flat, /Failed exchanges/, form);
    assert.match(flat, /3 failed/, `${form}: failed trials`);
    assert.match(flat, /lost clients|\blost\b.*\bclients\b/, form);
    assert.match(flat, /held at once|held at/, form);
  }
  for (const form of ['html', 'markdown'] as const)
    assert.match(plain(forms[form]), /The configuration is missing/, `${form}: why the server did not start`);
});

test('nothing in the recorded run names a machine or a folder of one', () => {
  assert.doesNotMatch(JSON.stringify(run), /\/(?:home|root|tmp|work|usr|Users)\//);
});
