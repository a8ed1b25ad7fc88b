/**
 * What a call costs on the wire, in one thread and without a socket: the request is marshalled into a frame, cut from
 * the stream and unmarshalled, and its reply likewise.
 *
 *     node test/bench/wire.bench.ts [MS]     each call is repeated for so many ms (default 1000)
 */
import { Bench } from 'tinybench';
import { decodeReply, decodeRequest, encodeReply, encodeRequest } from '../../servers/wire/body.ts';
import { FrameDecoder } from '../../servers/wire/frame.ts';
import type { Frame } from '../../servers/wire/frame.ts';
import type { MethodName, ReplyOf, RequestOf } from '../../servers/wire/methods.ts';

/** Calls of one task, so that reading the clock does not count. */
const BATCH = 64;

interface Task {
  readonly name: string;
  /** Makes {@link BATCH} calls. */
  readonly batch: () => void;
}

const payload = Buffer.alloc(64, 'p');
const cookie = Buffer.alloc(40, 'c');
const entry = { name: 'nested-1', host: '127.0.0.1', port: 40_123, ttlMs: 9000 };

/** One call of each kind of body: bytes, numbers, text, and a list of records. */
export const WIRE_TASKS: readonly Task[] = [
  task('echo', { payload }, { payload }),
  task('work', { cpuUs: 1000, payload }, { burnedUs: 1000, payload }),
  task('session.open', { patienceMs: 3000 }, { waitedMs: 12 }),
  task('counter.add', { by: 1 }, { total: 123_456_789n }),
  task('cookie.add', { cookie, by: 1 }, { total: 123_456_789n, cookie }),
  task('names.register', entry, {}),
  task('names.list', { after: '', limit: 4 }, { entries: [entry, entry, entry, entry] }),
];

function task<M extends MethodName>(method: M, request: RequestOf<M>, reply: ReplyOf<M>): Task {
  const decoder = new FrameDecoder();
  const carry = (bytes: Buffer): Frame => {
    decoder.push(bytes);
    const frame = decoder.next();
    if (!frame) throw new Error('a frame was lost on its way');
    return frame;
  };
  return {
    name: method,
    batch: () => {
      for (let callId = 0; callId < BATCH; callId += 1) {
        decodeRequest(method, carry(encodeRequest(method, callId, request)).body);
        decodeReply(method, carry(encodeReply(method, callId, reply)).body);
      }
    },
  };
}

if (import.meta.main) {
  const bench = new Bench({ time: Number(process.argv[2] ?? 1000), warmupTime: 300 });
  for (const { name, batch } of WIRE_TASKS) bench.add(name, batch);
  await bench.run();
  for (const { name, result } of bench.tasks) {
    if (result.state !== 'completed') throw new Error(`${name} ended as ${result.state}`);
    // The median: a call that was interrupted by another process does not count.
    const perSecond = (1000 * BATCH) / result.latency.p50;
    console.log(`${name.padEnd(16)} ${(perSecond / 1e6).toFixed(2)} million calls/s`);
  }
}
