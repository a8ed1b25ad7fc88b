/** The hot paths of generator and codecs, each called with what it meets in a run: `make micro`. */
import { Bench, type FnReturnedObject } from 'tinybench';
import { FrameCutter } from '../../harness/load/connection/frame-cutter.ts';
import { Series } from '../../harness/load/accounts/recorder.ts';
import { parseListeners } from '../../harness/observe/parse/net-tcp.ts';
import { parseStat } from '../../harness/observe/parse/process.ts';
import { decodeRequest, encodeRequest } from '../../servers/wire/body.ts';
import { BODY_OFFSET, FrameDecoder } from '../../servers/wire/frame.ts';

/** Calls that are timed together, so that reading the clock does not count. */
const BATCH = 64;

const PAYLOAD = Buffer.from('abcdefghijklmnopqrstuvwxyz'.repeat(3).slice(0, 64));

/** As many echo requests as one batch takes, one after another. */
const REQUESTS = Buffer.concat(
  Array.from({ length: BATCH }, (_, i) => encodeRequest('echo', i, { payload: PAYLOAD })),
);

const WORK = encodeRequest('work', 1, { cpuUs: 5, payload: PAYLOAD }).subarray(BODY_OFFSET);

/** As of a process with a name that has to be skipped with care. */
const STAT_LINE = Buffer.from(
  '4242 (a) R 1 (b) S 1 4242 4242 0 -1 4194560 21931 0 4 0 137 52 0 0 20 0 11 0 998877 1185505280 18233 18446744073709551615 1 1 0 0 0 0 0 4096 134234626 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n',
);

const SOCKET_TABLE = Buffer.from(
  [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    ...Array.from({ length: 8 }, (_, i) => socketLine(i, '0A')),
    socketLine(8, '01'),
    '',
  ].join('\n'),
);

function socketLine(i: number, state: string): string {
  const port = (40_000 + i).toString(16).toUpperCase();
  return `   ${i}: 0100007F:${port} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${90_000 + i} 1 0000000000000000 100 0 0 10 0`;
}

class EveryFrame extends FrameCutter {
  run(): void {
    this.cut(REQUESTS, 0, REQUESTS.length);
  }
  protected override onFrame(): boolean {
    return true;
  }
}

/** Keeps results alive, so that no call can be left out as useless. */
export const kept: { last: unknown } = { last: undefined };

const bench = new Bench();

/** @param batch makes {@link BATCH} operations; tinybench is told the time of one */
function add(name: string, batch: () => void): void {
  bench.add(name, (): FnReturnedObject => {
    const start = process.hrtime.bigint();
    batch();
    const elapsedMs = Number(process.hrtime.bigint() - start) / 1e6;
    return { overriddenDuration: elapsedMs / BATCH, overriddenIterationCost: elapsedMs };
  });
}

function repeated(operate: (i: number) => unknown): () => void {
  return () => {
    for (let i = 0; i < BATCH; i++) kept.last = operate(i);
  };
}

add('frame-decode: a frame of 64 bytes, from what a server received', () => {
  const decoder = new FrameDecoder();
  decoder.push(REQUESTS);
  while (decoder.next() !== undefined);
});
const cutter = new EveryFrame();
add('frame-cut: a frame of 64 bytes, from what a generator received', () => cutter.run());
add(
  'request-encode: an echo request of 64 bytes',
  repeated((i) => encodeRequest('echo', i, { payload: PAYLOAD })),
);
add(
  'request-decode: the body of a work request',
  repeated(() => decodeRequest('work', WORK)),
);
add(
  'stat-parse: one /proc/<pid>/stat',
  repeated(() => parseStat(STAT_LINE)),
);
add(
  'listeners-parse: a /proc/net/tcp of eight listeners',
  repeated(() => parseListeners(SOCKET_TABLE)),
);
const series = new Series();
add(
  'latency-record: a latency into a histogram',
  repeated((i) => series.record(120 + 37 * i)),
);

export default bench;
