/** `holdfast stevens`: repeats the table of "UNIX Network Programming", volume 1, chapter 30, on this machine. */
import { EXIT } from '../../errors.ts';
import { herdArms, herdRows } from '../../lab/stevens/herd.ts';
import { measureArms } from '../../lab/tables/measure.ts';
import { loadOf, stevensArms, stevensRows } from '../../lab/stevens/stevens.ts';
import { whole } from '../options/bench-options.ts';
import type { Io } from '../io.ts';
import { command } from '../options/options.ts';
import { stevensText } from './stevens-text.ts';
import { tableProgress } from './table-progress.ts';
import { whereItRan } from './table-setting.ts';

interface StevensOptions {
  readonly language: 'c' | 'ts';
  readonly children: number;
  readonly loops: number;
  readonly bytes: number;
  readonly workers: number;
  readonly herd: string;
  readonly rounds: number;
  readonly format: 'text' | 'json';
}

/** All rounds together stay within two minutes wherever one does. */
const WITHIN_MS = 110_000;

async function stevens(options: StevensOptions, io: Io, signal: AbortSignal): Promise<number> {
  const { language } = options;
  const setting = {
    language,
    children: whole('children', options.children, 1, 1000),
    loops: whole('loops', options.loops, 1, 100_000),
    bytes: whole('bytes', options.bytes, 1, 1_048_576),
    workers: whole('workers', options.workers, 1, 1024),
  };
  // The herd is a matter of the kernel's wake-ups: in C only.
  const sizes = language === 'c' ? sizesOf(options.herd) : [];
  const arms = [...stevensArms(setting), ...herdArms(sizes, loadOf(setting, setting.loops))];
  const effort = { rounds: whole('rounds', options.rounds, 1, 100), withinMs: WITHIN_MS };
  const { trials, rounds, cores, failures } = await measureArms(arms, effort, tableProgress(io), signal);
  const rows = stevensRows(trials, language);
  const herd = herdRows(trials, sizes);
  if (options.format === 'json') {
    io.out(`${JSON.stringify({ setting, rounds, cores, rows, herd, failures }, null, 2)}\n`);
  } else {
    io.out(stevensText(setting, rounds, rows, sizes.length > 0 ? herd : []));
    io.out(`\n${whereItRan(cores)}\n`);
  }
  return failures.length > 0 ? EXIT.failed : EXIT.ok;
}

function sizesOf(text: string): readonly number[] {
  const sizes = text.split(',').filter((part) => part.trim() !== '');
  return sizes.map((part) => whole('herd', Number(part), 1, 1024));
}

export const stevensCommand = command<StevensOptions>({
  usage: 'stevens',
  describe: "repeat Stevens' table of server designs on this machine",
  examples: [
    ['stevens', 'nine designs in C, and the herd from 15 to 120 workers'],
    ['stevens --language ts', 'the same designs in TypeScript'],
  ],
  options: (yargs) =>
    yargs.options({
      language: { choices: ['c', 'ts'] as const, default: 'c' as const, describe: 'of the servers' },
      children: {
        type: 'number',
        default: 10,
        describe: 'clients at once (the book had five on each of two hosts)',
      },
      loops: { type: 'number', default: 500, describe: 'connections of each client, one after another' },
      bytes: { type: 'number', default: 4000, describe: 'bytes asked for on each connection' },
      workers: { type: 'number', default: 15, describe: 'size of the pools' },
      herd: { type: 'string', default: '15,30,60,120', describe: 'sizes of the herd; empty: none' },
      rounds: { type: 'number', default: 5, describe: 'at most so many; fewer where time is short' },
      format: {
        choices: ['text', 'json'] as const,
        default: 'text' as const,
        describe: 'of what goes to stdout',
      },
    }),
  run: stevens,
});
