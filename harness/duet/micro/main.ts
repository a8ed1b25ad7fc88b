#!/usr/bin/env node
/**
 * The micro-benchmarks as a program.
 *
 * `node harness/duet/micro/main.ts` prints a table of this checkout. `--root DIR --rounds` measures the checkout in DIR:
 * for each line on stdin, which says how many ms each benchmark is repeated, one round, and its times as one JSON line
 * on stdout. It ends with stdin.
 */
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from '../../analysis/text/table.ts';
import { MICRO_BENCHMARKS } from './benchmarks.ts';
import { prepareRounds, type MicroTimes } from './rounds.ts';

/** How long each benchmark is repeated for the table, in ms: first to warm up, then to measure. */
const TABLE_MS = 250;

const { values } = parseArgs({
  options: { root: { type: 'string' }, rounds: { type: 'boolean', default: false } },
});
const round = await prepareRounds(values.root ?? fileURLToPath(new URL('../../..', import.meta.url)));

if (values.rounds) {
  process.stdout.write('{"event":"ready"}\n');
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await round(Number(line)))}\n`);
  }
} else {
  await round(TABLE_MS);
  process.stdout.write(asTable(await round(TABLE_MS)));
}

function asTable(times: MicroTimes): string {
  return table(
    ['benchmark', 'median', 'of'],
    MICRO_BENCHMARKS.map(({ id, operation }) => {
      const time = times[id];
      return [
        id,
        typeof time === 'number' ? `${time.toPrecision(3)} ns` : `cannot be run: ${time}`,
        operation,
      ];
    }),
  );
}
