/** Command lines that cannot work: one line on stderr that says what is allowed, and the exit code of the contract. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Variant } from '../../../servers/variant.ts';
import type { Case } from './case.ts';
import { within } from '../../waiting.ts';

export interface Refusal {
  readonly code: number | null;
  readonly stderr: string;
}

export async function refusal(variant: Variant, args: readonly string[]): Promise<Refusal> {
  const [file = '', ...before] = variant.command({ service: 'echo' });
  const child = spawn(file, [...before, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const code = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  try {
    const [stderr, exit] = await within('the refusal', Promise.all([text(child.stderr), code]));
    return { stderr, code: exit };
  } finally {
    child.kill('SIGKILL');
  }
}

const BAD: readonly (readonly [args: readonly string[], says: RegExp])[] = [
  [['--service', 'nonsense'], /nonsense.*echo/],
  [['--set', 'nonsense=1'], /raw/],
  [['--set', 'raw=maybe'], /raw.*true.*false/],
  [['--port', '65536'], /--port.*65535/],
  [['--nonsense', '1'], /--nonsense/],
];

export const COMMAND_CASES: readonly Case[] = [
  {
    name: 'refuses what it does not understand in one line, with exit code 2',
    sameUnderEveryModel: true,
    run: async (variant) => {
      const pool: typeof BAD = variant.pool
        ? [
            [['--workers', '0'], /--workers.*1.*1024/],
            [['--workers', '100000'], /--workers.*1.*1024/],
          ]
        : [[['--workers', '2'], /no pool/]];
      await Promise.all(
        [...BAD, ...pool].map(async ([args, says]) => {
          const { code, stderr } = await refusal(variant, args);
          assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
          assert.match(stderr, says);
          assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
        }),
      );
    },
  },
];
