/** `holdfast lab torture`: kills Holdfast at random moments and checks that nothing is lost or left. */
import { randomInt } from 'node:crypto';
import { EXIT } from '../../errors.ts';
import { type TorturedRun, tortureRun, undisturbedMs } from '../../lab/torture/torture.ts';
import { seededRandom } from '../../plan/random.ts';
import { formatDuration } from '../../scenario/duration.ts';
import { command } from '../command.ts';
import { liveLine, type Io } from '../io.ts';
import { text, whole, type Values } from '../options/option.ts';

const OPTIONS = {
  kills: whole('kill at least so often', 1, 10_000, 100),
  servers: text('servers of the runs that are killed', 'ts-thread,ts-fork'),
  seed: whole('seed of the moments (default: random)', 0, 0x7fff_ffff),
};

async function torture(
  { kills, servers, seed = randomInt(0x7fff_ffff) }: Values<typeof OPTIONS>,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const bench = ['--servers', servers, '--clients', '4', '--trials', '3', '--seed', '1', '--quiet'];
  const setting = { bench, random: seededRandom(seed), signal };
  const lastsMs = await undisturbedMs(setting);
  io.err(`seed ${seed}; an undisturbed run takes ${formatDuration(lastsMs)}\n`);
  const runs: TorturedRun[] = [];
  const sum = (figure: 'kills' | 'guardsKilled' | 'finished'): number =>
    runs.reduce((total, run) => total + run[figure], 0);
  while (sum('kills') < kills && !signal.aborted) {
    liveLine(io, `  ${sum('kills')} of ${kills} kills`);
    const run = await tortureRun(setting, Math.ceil(lastsMs));
    runs.push(run);
    for (const problem of run.problems) io.err(`run ${runs.length}: ${problem}\n`);
  }
  liveLine(io, '');
  const broken = runs.filter(({ problems }) => problems.length > 0).length;
  io.out(
    `${runs.length} runs were killed ${sum('kills')} times, ${sum('guardsKilled')} times together with their guard, with ` +
      `${sum('finished')} finished trials on disk. ${broken === 0 ? 'Nothing was left running or lost, and every run was completed.' : `${broken} runs broke a promise.`}\n`,
  );
  return broken === 0 ? EXIT.ok : EXIT.failed;
}

export const tortureCommand = command({
  usage: 'torture',
  describe: 'kill Holdfast at random moments and check that nothing is lost or left running',
  examples: [['lab torture --kills 20 --seed 7', 'twenty kills, at moments that can be repeated']],
  options: OPTIONS,
  run: torture,
});
