import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../property.ts';
import type { FixtureOptions } from './fixture.ts';
import { csvField } from '../../harness/analysis/text/csv.ts';
import { csv } from '../../reports/outputs/csv.ts';
import { jsonForScript } from '../../reports/html/payload.ts';
import { inert, markdown } from '../../reports/outputs/markdown.ts';
import { reportOfRun } from '../../reports/view/report.ts';
import { comparisonOf } from './fixture-comparison.ts';
import { fixture } from './fixture.ts';
import { pictures, renderRun, terminalTable } from './rendered.ts';

/** What names, labels and lines of stderr may try. */
const FRAGMENTS = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '" onmouseover="alert(1)',
  "' autofocus onfocus='alert(1)",
  '--><svg onload=alert(1)>',
  ']]>',
  '&lt;&#0;&amp',
  '=cmd()|"/C calc"!A0',
  '+1-1@SUM(A1)',
  '\u001b[2J\u001b]0;title\u0007',
  '\u202egnp.exe\u2066',
  '\r\nX: y\n| a | b |\n# h',
  '[x](javascript:alert(1)) **b** `c`',
  '\u2028\u2029\u0000\ufeff\ud800',
  ',";\t',
  'x'.repeat(300),
  '名前',
] as const;

const hostile = fc
  .array(fc.constantFrom(...FRAGMENTS), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''));

/** Every kind of tag with the names of its attributes: what a parser would see of the structure. */
function structure(markup: string): Set<string> {
  const tags = markup.matchAll(/<[^<>]*>/g);
  return new Set([...tags].map(([tag]) => tag.replace(/"[^"]*"/g, '""').replace(/\s+/g, ' ')));
}

function small(options: FixtureOptions) {
  return fixture({ servers: 2, levels: [1, 100], trials: 1, scenarios: 2, ...options });
}

async function render(options: FixtureOptions) {
  const { run, summary } = small(options);
  const comparison = comparisonOf(run, 'runs', options.suffix);
  return {
    files: await renderRun(run, summary, comparison),
    terminal: await terminalTable(run, summary, 80),
  };
}

test('no name, label or message changes the structure of the page or of a picture, or shows a control character', async () => {
  const { files: plain } = await render({ suffix: 'plain' });
  const pageStructure = structure(plain['report.html'].replace(/<script>[^]*?<\/script>/g, ''));
  const pictureStructure = new Set(pictures(plain).flatMap((svg) => [...structure(svg)]));
  await fc.assert(
    fc.asyncProperty(hostile, fc.constantFrom(undefined, 'failed' as const), async (suffix, all) => {
      const { files: report, terminal } = await render({ suffix, ...(all ? { all } : {}) });
      const page = report['report.html'];
      assert.equal(page.split('</script>').length, 4);
      const strange = [...structure(page.replace(/<script>[^]*?<\/script>/g, ''))].filter(
        (tag) => !pageStructure.has(tag),
      );
      if (!all) assert.deepEqual(strange, []);
      assert.ok(
        strange.every((tag) => /^<(\/?(ul|li|b|br|pre|h3|p|section|tr)\b)/.test(tag)),
        strange.join(),
      );
      for (const svg of pictures(report)) {
        assert.deepEqual(
          [...structure(svg)].filter((tag) => !pictureStructure.has(tag)),
          [],
        );
      }
      for (const text of [page, ...pictures(report), report['summary.md'], report['summary.csv'], terminal]) {
        assert.doesNotMatch(text.replaceAll('\r\n', '\n'), /[^\P{Cc}\n]|\p{Cf}|\p{Cs}|\u2028|\u2029/u);
      }
    }),
    { numRuns: 15 },
  );
});

test('the data of the page reads back whatever it holds, and never ends its element', () => {
  fc.assert(
    fc.property(fc.oneof(hostile, fc.string()), (text) => {
      const json = jsonForScript({ text });
      assert.doesNotMatch(json, /[<\u2028\u2029]/);
      assert.deepEqual(JSON.parse(json), { text: text });
    }),
  );
});

/** RFC 4180, as a spreadsheet reads it. */
function readCsv(csv: string): string[][] {
  return csv
    .trimEnd()
    .split('\r\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
      ),
    );
}

test('a spreadsheet sees the same columns in every row and no formula', () => {
  fc.assert(
    fc.property(hostile, (suffix) => {
      const { run, summary } = small({ suffix });
      const rows = readCsv(csv.files(reportOfRun(run, summary))['summary.csv'] ?? '');
      const width = rows[0]?.length;
      for (const row of rows) {
        assert.equal(row.length, width);
        for (const field of row) assert.ok(!/^\s*[=+\-@]/.test(field) || /^-?[\d.e+-]+$/.test(field), field);
      }
    }),
    { numRuns: 8 },
  );
  assert.equal(csvField('=1+1'), "'=1+1");
  assert.equal(csvField(Number.NaN), '');
});

test('Markdown keeps its tables, and nothing in it is a link, an image or markup', () => {
  fc.assert(
    fc.property(hostile, (suffix) => {
      const { run, summary } = small({ suffix });
      const text = markdown.print(reportOfRun(run, summary, comparisonOf(run, 'runs', suffix)));
      assert.doesNotMatch(text.replace(/```+sh\n[^]*?\n```+/, ''), /<|]\(|!\[/);
      const tables = text.split('\n\n').filter((block) => block.startsWith('| '));
      assert.equal(tables.length, 4);
      for (const table of tables) {
        const bars = table.split('\n').map((line) => line.split('|').length);
        assert.equal(new Set(bars).size, 1);
      }
    }),
    { numRuns: 8 },
  );
  assert.doesNotMatch(inert('*a* _b_ <c> [d] `e` |f| #g'), /[*_<>[\]`|#](?!\d+;)/);
});

test('no line in the terminal is wider than asked', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(hostile, fc.string({ unit: 'grapheme' })),
      fc.integer({ min: 20, max: 120 }),
      async (suffix, columns) => {
        const { run, summary } = fixture({ servers: 2, levels: [1, 10], trials: 1, suffix });
        for (const line of (await terminalTable(run, summary, columns)).split('\n')) {
          const width = Array.from(line).reduce(
            (sum, c) => sum + (/\p{Mark}/u.test(c) ? 0 : (c.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1),
            0,
          );
          assert.ok(width <= Math.min(80, columns), line);
        }
      },
    ),
    { numRuns: 40 },
  );
});
