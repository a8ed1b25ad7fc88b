/** What is said of a fault of Holdfast itself: one sentence, and a file with the rest. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { EXIT, messageOf } from '../errors.ts';
import type { Io } from './io.ts';
import { toolVersion } from './version.ts';

/**
 * Tells the user of a defect and keeps its details in a file of a new temporary folder; `--debug` on the command line
 * shows them at once.
 *
 * @returns the exit code
 */
export function reportDefect(error: unknown, argv: readonly string[], io: Pick<Io, 'err'>): number {
  const details = [
    `holdfast ${toolVersion()}, node ${process.version}, ${process.platform} ${process.arch}`,
    `command line: ${JSON.stringify(argv)}`,
    inspect(error, { depth: 5 }),
    '',
  ].join('\n');
  if (argv.includes('--debug')) io.err(details);
  io.err(
    `holdfast: a defect of Holdfast itself ended this command: ${messageOf(error)}. Trials that had ended are kept. ` +
      `${kept(details)}\n`,
  );
  return EXIT.defect;
}

function kept(details: string): string {
  try {
    const path = join(mkdtempSync(join(tmpdir(), 'holdfast-defect-')), 'details.txt');
    writeFileSync(path, details);
    return `Please report it with ${path}; it holds the command line, so look through it first.`;
  } catch {
    return 'Please report it with what the same command prints with --debug.';
  }
}
