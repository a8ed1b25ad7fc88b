import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { AnyCommand } from '../../harness/cli/command.ts';
import { COMMANDS } from '../../harness/cli/commands.ts';
import { EXIT } from '../../harness/errors.ts';

const PAGE = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

/** The part of the page that is about one command. */
function sectionOf(name: string): string {
  return PAGE.split(/^## /m).find((section) => section.startsWith(`${name}\n`)) ?? '';
}

/** A group as each of its commands, under its whole name. */
function separately(each: AnyCommand): readonly Pick<AnyCommand, 'name' | 'options'>[] {
  return each.commands?.map(({ name, options }) => ({ name: `${each.name} ${name}`, options })) ?? [each];
}

/** Every option that a row of the section's tables names, with what stands as its default. */
function optionsIn(section: string): readonly (readonly [option: string, fallback: string])[] {
  return section.split('\n').flatMap((line) => {
    const [, names = '', fallback = ''] = line.startsWith('|') ? line.split('|') : [];
    return [...names.matchAll(/--(\w[\w-]*)/g)].map(
      ([, option = '']) => [option, fallback.replaceAll('`', '').trim()] as const,
    );
  });
}

describe('docs/cli.md', () => {
  for (const { name, options } of COMMANDS.flatMap(separately)) {
    it(`tells of holdfast ${name}: an example, and every option that it has and no other, with its default`, () => {
      const section = sectionOf(name);
      assert.match(section, new RegExp(`^ +holdfast ${name}`, 'm'));
      const told = optionsIn(section);
      assert.deepEqual(told.map(([option]) => option).toSorted(), Object.keys(options).toSorted());
      for (const [option, fallback] of told) {
        const { default: value, defaultDescription } = options[option]?.help ?? {};
        const declared: unknown = defaultDescription ?? value;
        if (typeof declared !== 'string' && typeof declared !== 'number') continue;
        assert.equal(fallback, String(declared), `--${option}`);
      }
    });
  }

  it('tells of every exit code', () => {
    for (const code of Object.values(EXIT)) assert.match(PAGE, new RegExp(`^\\| ${code} \\|`, 'm'));
  });
});
