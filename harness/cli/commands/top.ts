/** `holdfast top`: the processes that used most CPU time, as a topn server sees them. */
import { fileFrom } from '../../../servers/wire/chunks.ts';
import { parseProcessList, topProcess } from '../../../servers/wire/process-list.ts';
import { EXIT, HoldfastError, UsageError } from '../../errors.ts';
import { Caller } from '../caller.ts';
import type { Io } from '../io.ts';
import { command } from '../options/options.ts';
import { table } from '../../analysis/text/table.ts';

interface TopOptions {
  readonly port: number;
  readonly host: string;
  readonly count: number;
  readonly format: 'text' | 'json';
}

/** Clock ticks in a second, on every Linux that Node runs on: USER_HZ. */
const TICKS_PER_SECOND = 100;

async function top({ host, port, count, format }: TopOptions, io: Io): Promise<number> {
  if (!Number.isSafeInteger(count)) throw new UsageError(`--count ${count}: give a whole number, such as 5.`);
  await using caller = await Caller.connect(host, port);
  const { file } = await caller.call('topn.list', { count: BigInt(count) });
  const list = fileFrom(await caller.frames('topn.fetch', { file }));
  const processes = list && parseProcessList(list.toString());
  const first = processes && topProcess(processes);
  if (!first) throw new HoldfastError('The server sent a damaged list; ask again.', EXIT.failed);
  const { name, pid, userTicks, systemTicks } = first;
  await caller.call('topn.report', {
    name,
    pid,
    userTicks: BigInt(userTicks),
    systemTicks: BigInt(systemTicks),
  });
  if (format === 'json') {
    io.out(`${JSON.stringify(processes, null, 2)}\n`);
    return EXIT.ok;
  }
  const rows = processes.map((each) => [
    String(each.pid),
    seconds(each.userTicks),
    seconds(each.systemTicks),
    each.name,
  ]);
  io.out(table(['pid', 'user s', 'system s', 'name'], rows));
  return EXIT.ok;
}

function seconds(ticks: number): string {
  return (ticks / TICKS_PER_SECOND).toFixed(2);
}

export const topCommand = command<TopOptions>({
  usage: 'top',
  describe: 'ask a topn server for the processes that used most CPU time',
  examples: [
    ['serve ts-loop --service topn --port 9000', 'a server for it'],
    ['top --port 9000 -n 5', 'the five that used most'],
  ],
  options: (yargs) =>
    yargs.options({
      port: { type: 'number', demandOption: true, describe: 'of the server' },
      host: { type: 'string', default: '127.0.0.1', describe: 'of the server' },
      count: { alias: 'n', type: 'number', default: 10, describe: 'how many processes' },
      format: {
        choices: ['text', 'json'] as const,
        default: 'text' as const,
        describe: 'of what goes to stdout',
      },
    }),
  run: top,
});
