/**
 * The hot paths of generator and codecs as micro-benchmarks. What each measures is loaded from a given checkout of the
 * project, so that the same benchmark can be run against two builds. Changed names of modules or functions show as a
 * benchmark that cannot be run, never as one that is fast.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Body from '../../../servers/wire/body.ts';
import type * as FrameCodec from '../../../servers/wire/frame.ts';
import type * as Cutter from '../../load/connection/frame-cutter.ts';
import type * as RecorderModule from '../../load/accounts/recorder.ts';
import type * as NetTcp from '../../observe/parse/net-tcp.ts';
import type * as Stat from '../../observe/parse/process.ts';

/** Imports a module of the checkout that is measured, by its path there. */
export type Loader = <T>(path: string) => Promise<T>;

/** One micro-benchmark. */
export interface MicroBenchmark {
  readonly id: string;
  /** What one operation is. */
  readonly operation: string;
  /** Loads what is measured. @returns the function that makes {@link BATCH} operations */
  readonly prepare: (load: Loader) => Promise<() => void>;
}

/** Operations of one call, so that reading the clock does not count. */
export const BATCH = 64;

/** Loads from the checkout that lies in `root`. */
export function loaderOf(root: string): Loader {
  return async <T>(path: string) => (await import(pathToFileURL(join(root, path)).href)) as T;
}

const PAYLOAD = Buffer.from('abcdefghijklmnopqrstuvwxyz'.repeat(3).slice(0, 64));

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

export const MICRO_BENCHMARKS: readonly MicroBenchmark[] = [
  {
    id: 'frame-decode',
    operation: 'a frame of 64 bytes taken from what a server received',
    prepare: async (load) => {
      const stream = await requestStream(load);
      const { FrameDecoder } = await load<typeof FrameCodec>('servers/wire/frame.ts');
      return () => {
        const decoder = new FrameDecoder();
        decoder.push(stream);
        while (decoder.next() !== undefined);
      };
    },
  },
  {
    id: 'frame-cut',
    operation: 'a frame of 64 bytes cut from what a generator received',
    prepare: async (load) => {
      const stream = await requestStream(load);
      const { FrameCutter } = await load<typeof Cutter>('harness/load/connection/frame-cutter.ts');
      class EveryFrame extends FrameCutter {
        run(): void {
          this.cut(stream, 0, stream.length);
        }
        protected override onFrame(): boolean {
          return true;
        }
      }
      const cutter = new EveryFrame();
      return () => cutter.run();
    },
  },
  {
    id: 'request-encode',
    operation: 'an echo request of 64 bytes marshalled',
    prepare: async (load) => {
      const { encodeRequest } = await load<typeof Body>('servers/wire/body.ts');
      return repeated((i) => encodeRequest('echo', i, { payload: PAYLOAD }));
    },
  },
  {
    id: 'request-decode',
    operation: 'the body of a work request unmarshalled',
    prepare: async (load) => {
      const { encodeRequest, decodeRequest } = await load<typeof Body>('servers/wire/body.ts');
      const { BODY_OFFSET } = await load<typeof FrameCodec>('servers/wire/frame.ts');
      const body = encodeRequest('work', 1, { cpuUs: 5, payload: PAYLOAD }).subarray(BODY_OFFSET);
      return repeated(() => decodeRequest('work', body));
    },
  },
  {
    id: 'stat-parse',
    operation: 'one /proc/<pid>/stat parsed',
    prepare: async (load) => {
      const { parseStat } = await load<typeof Stat>('harness/observe/parse/process.ts');
      return repeated(() => parseStat(STAT_LINE));
    },
  },
  {
    id: 'listeners-parse',
    operation: 'a /proc/net/tcp of eight listeners parsed',
    prepare: async (load) => {
      const { parseListeners } = await load<typeof NetTcp>('harness/observe/parse/net-tcp.ts');
      return repeated(() => parseListeners(SOCKET_TABLE));
    },
  },
  {
    id: 'latency-record',
    operation: 'a latency recorded into a histogram',
    prepare: async (load) => {
      const { Series } = await load<typeof RecorderModule>('harness/load/accounts/recorder.ts');
      const series = new Series();
      return repeated((i) => series.record(120 + 37 * i));
    },
  },
];

/** Keeps results alive, so that no call can be left out as useless. */
export const kept: { last: unknown } = { last: undefined };

function repeated(operate: (i: number) => unknown): () => void {
  return () => {
    for (let i = 0; i < BATCH; i++) kept.last = operate(i);
  };
}

/** As many echo requests as one batch takes, one after another. */
async function requestStream(load: Loader): Promise<Buffer> {
  const { encodeRequest } = await load<typeof Body>('servers/wire/body.ts');
  return Buffer.concat(
    Array.from({ length: BATCH }, (_, i) => encodeRequest('echo', i, { payload: PAYLOAD })),
  );
}
