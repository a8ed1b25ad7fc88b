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
function separately(each: AnyCommand): readonly Pick<AnyCommand, 'name' | 'kinds'>[] {
  return each.commands?.map(({ name, kinds }) => ({ name: `${each.name} ${name}`, kinds })) ?? [each];
}

describe('docs/cli.md', () => {
  for (const { name, kinds } of COMMANDS.flatMap(separately)) {
    it(`tells of holdfast ${name}: an example, and every option that it has and no other`, () => {
      const section = sectionOf(name);
      assert.match(section, new RegExp(`^ +holdfast ${name}`, 'm'));
      const cells = section
        .split('\n')
        .flatMap((line) => (line.startsWith('|') ? [line.split('|')[1] ?? ''] : []));
      const told = cells.flatMap((cell) =>
        [...cell.matchAll(/--(\w[\w-]*)/g)].map(([, option = '']) => option),
      );
      assert.deepEqual(told.toSorted(), [...kinds.keys()].toSorted());
    });
  }

  it('tells of every exit code', () => {
    for (const code of Object.values(EXIT)) assert.match(PAGE, new RegExp(`^\\| ${code} \\|`, 'm'));
  });
});
