/** A thread that adds to a total in shared memory: told how and how often, it says when it is through. */
import { parentPort, workerData } from 'node:worker_threads';
import { memoryTotal } from '../../../servers/systems/counter/totals.ts';
import type { TotalOptions } from '../../../servers/systems/counter/totals.ts';

const { memory, options, updates } = workerData as {
  readonly memory: SharedArrayBuffer;
  readonly options: TotalOptions;
  readonly updates: number;
};
const total = memoryTotal(memory, options);
for (let i = 0; i < updates; i += 1) void total.add(1);
parentPort?.close();
