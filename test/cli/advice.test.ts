/** What docs, help, warnings and errors tell people to do: only options and commands that exist, and the same figures. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { AnyCommand } from '../../harness/cli/command.ts';
import { COMMANDS } from '../../harness/cli/commands.ts';
import { CORE_METRICS, readMetric } from '../../harness/results/metrics.ts';
import type { CompletedTrial } from '../../harness/results/schema/trial.ts';
import { fixture } from '../reports/fixture.ts';

const ROOT = join(import.meta.dirname, '..', '..');

function commandsIn(
  commands: readonly AnyCommand[],
  before = '',
): readonly (readonly [string, AnyCommand])[] {
  return commands.flatMap((each) => {
    const name = `${before}${each.name}`;
    return [[name, each] as const, ...commandsIn(each.commands ?? [], `${name} `)];
  });
}

const KNOWN = new Map(commandsIn(COMMANDS));
const OF_ALL = ['help', 'version', 'config', 'debug'];
const DECLARED = new Set([...OF_ALL, ...[...KNOWN.values()].flatMap(({ options }) => Object.keys(options))]);

/** Options of other programs and of servers, by what stands before them on the line. */
const OF_OTHERS =
  /\b(?:git|npm|npx (?!holdfast)|node|cc|gcc|make|perf|strace|taskset|cpupower|tar|gh|docker|ab|wrk|serve|server\.ts|main\.ts|native\/server|fetch)\b[^`\n]*$/;
interface Mention {
  readonly where: string;
  readonly option: string;
  readonly before: string;
}

/** Every `--option` in a text, with what stands before it on its line. */
function mentionsIn(text: string, where: string): Mention[] {
  return text.split('\n').flatMap((line, i) =>
    [...line.matchAll(/(?<![\w-])--([a-z][a-z-]*[a-z])/g)].map(({ index, 1: option = '' }) => ({
      where: `${where}:${i + 1}`,
      option,
      before: line.slice(0, index),
    })),
  );
}

/** Options that a server takes, and the made-up one of somebody's own server. */
const OF_SERVERS = [
  'listen',
  ...mentionsIn(readFileSync(join(ROOT, 'docs/servers/contract.md'), 'utf8'), '').map(({ option }) => option),
];

/** What is said to people: without comments, and without code that hands options to other programs. */
function saidIn(source: string): string {
  return source
    .replace(/\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(?<=^|\s)\/\/.*$/gm, '')
    .replace(/'--[a-z-]+(?:=[^']*)?'/g, "''");
}

describe('options that people are told of', () => {
  it('exist, wherever docs name them', () => {
    const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT }).filter((page) => page !== 'CHANGELOG.md');
    assert.ok(pages.length > 20);
    for (const page of pages) {
      for (const { where, option, before } of mentionsIn(readFileSync(join(ROOT, page), 'utf8'), page)) {
        if (OF_OTHERS.test(before) || OF_SERVERS.includes(option)) continue;
        assert.ok(DECLARED.has(option), `${where}: there is no --${option}`);
      }
    }
  });

  it('exist, wherever warnings, errors, advice and help name them', () => {
    const sources = globSync(['harness/**/*.ts', 'reports/view/**/*.ts', 'scenarios/**/*.ts'], { cwd: ROOT });
    assert.ok(sources.length > 100);
    for (const file of sources) {
      const text = saidIn(readFileSync(join(ROOT, file), 'utf8'));
      for (const { where, option, before } of mentionsIn(text, file)) {
        if (OF_OTHERS.test(before) || OF_SERVERS.includes(option)) continue;
        assert.ok(DECLARED.has(option), `${where}: there is no --${option}`);
      }
    }
  });

  it('belong to the command that is named with them', () => {
    const pages = globSync(['*.md', 'docs/**/*.md', 'Makefile'], { cwd: ROOT });
    for (const page of pages) {
      const text = readFileSync(join(ROOT, page), 'utf8');
      for (const [line, words = ''] of text.matchAll(/\bholdfast ((?:lab )?[a-z]+ [^\n`"|]*)/g)) {
        const name = words.startsWith('lab ')
          ? words.split(' ').slice(0, 2).join(' ')
          : (words.split(' ')[0] ?? '');
        const command = KNOWN.get(name);
        if (!command) continue;
        for (const { option } of mentionsIn(words, page))
          assert.ok(
            option in command.options || OF_ALL.includes(option),
            `${page}: ${name} has no --${option}: ${line}`,
          );
      }
    }
  });

  it('are the only way to set something: nobody is told to use more generators', () => {
    for (const file of globSync(['harness/**/*.ts', 'docs/**/*.md'], { cwd: ROOT }))
      assert.doesNotMatch(readFileSync(join(ROOT, file), 'utf8'), /(?:use|give|with) more generators/i, file);
  });
});

describe('the number of exchanges from which a percentile is shown', () => {
  const page = readFileSync(join(ROOT, 'docs/method/statistics.md'), 'utf8').replace(/\s+/g, ' ');
  const { run } = fixture({ servers: 1, levels: [1], trials: 1 });
  const trial = run.trials[0] as CompletedTrial;
  for (const id of ['latency-p90', 'latency-p99', 'latency-p999']) {
    it(`is the same in the figures, in the description and in docs: ${id}`, () => {
      const metric = CORE_METRICS.find((one) => one.id === id);
      assert.ok(metric);
      const words = /shown from ([\d,]+) exchanges on/.exec(metric.description)?.[1] ?? '';
      const least = Number(words.replaceAll(',', ''));
      const shownFor = (count: number): boolean => {
        const latency = {
          ...trial.load.histograms['latency'],
          count,
        } as CompletedTrial['load']['histograms'][string];
        return (
          readMetric(metric, { ...trial, load: { ...trial.load, histograms: { latency } } }, 0) !== undefined
        );
      };
      assert.deepEqual([shownFor(least - 1), shownFor(least)], [false, true], `from ${words} on`);
      const percentile = metric.title.replace('latency ', '').replaceAll('.', '\\.');
      assert.match(page, new RegExp(`${words}(?: exchanges)? for ${percentile}`));
    });
  }
});
