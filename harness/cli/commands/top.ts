/** `holdfast top`: the processes that used most CPU time, as a topn server sees them. */
import { fileFrom } from '../../../servers/wire/chunks.ts';
import { parseProcessList, topProcess } from '../../../servers/wire/process-list.ts';
import { EXIT, HoldfastError } from '../../errors.ts';
import { Caller } from '../caller.ts';
import type { Io } from '../io.ts';
import { command } from '../command.ts';
import { aliased, whole, type Values } from '../options/option.ts';
import { ADDRESS, TABLE_FORMAT } from '../options/shared.ts';
import { table } from '../../analysis/text/table.ts';

const OPTIONS = {
  ...ADDRESS,
  count: aliased(whole('number of processes', -1000, 1000, 10), 'n'),
  ...TABLE_FORMAT,
};

/** Clock ticks in a second, on every Linux that Node runs on: USER_HZ. */
const TICKS_PER_SECOND = 100;

async function top({ host, port, count, format }: Values<typeof OPTIONS>, io: Io): Promise<number> {
  using caller = new Caller({ host, port });
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

export const topCommand = command({
  usage: 'top',
  describe: 'ask a topn server which processes used the most CPU time',
  examples: [
    ['serve ts-loop --service topn --port 9000', 'a server for it'],
    ['top --port 9000 -n 5', 'the five busiest processes'],
  ],
  options: OPTIONS,
  run: top,
});
