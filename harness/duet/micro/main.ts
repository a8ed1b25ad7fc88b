#!/usr/bin/env node
/**
 * Runs a file of benchmarks in a process of its own: `node harness/duet/micro/main.ts FILE`.
 *
 * Says `{"event":"ready"}` when the file is loaded. For each line on stdin, a {@link MicroQuestion}, it runs one round and
 * says its {@link MicroAnswer} on stdout. It ends with stdin.
 */
import { createInterface } from 'node:readline';
import { messageOf } from '../../errors.ts';
import { loadBench, runRound } from './bench-file.ts';
import type { MicroAnswer, MicroQuestion } from './process.ts';

const say = process.stdout.write.bind(process.stdout);
// What the benchmarks print must not be taken for an answer.
process.stdout.write = process.stderr.write.bind(process.stderr);

const loaded = await loadBench(process.argv[2] ?? '').catch((error: unknown) => ({
  refused: messageOf(error),
}));
say('{"event":"ready"}\n');
for await (const line of createInterface({ input: process.stdin })) {
  const { ms, only } = JSON.parse(line) as MicroQuestion;
  const answer: MicroAnswer = 'refused' in loaded ? loaded : { times: await runRound(loaded, ms, only) };
  say(`${JSON.stringify(answer)}\n`);
}
