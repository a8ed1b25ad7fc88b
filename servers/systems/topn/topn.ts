/**
 * topn: the processes of this machine that used most CPU time. The server writes the list to a file and sends the file
 * in chunks with a checksum; the client finds the top one in it and reports it back, and the server keeps the reports.
 */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { encodeChunk, encodeEnd } from '../../wire/body.ts';
import type { RequestOf } from '../../wire/methods.ts';
import { byUse, formatProcessList } from '../../wire/process-list.ts';
import { answerCalls, busy, on } from '../../services/api/calls.ts';
import type { Connection, Ending } from '../../services/api/connection.ts';
import type { Context, ServiceModule } from '../../services/api/service.ts';
import { readProcesses } from './topn-processes.ts';

/** Longest list. */
const MAX_COUNT = 10_000;

const CHUNK_BYTES = 16_384;

/** Reports that one answer may carry, and the longest name in one. */
const MAX_REPORTS = 1000;
const MAX_NAME_BYTES = 256;

interface TopN {
  readonly context: Context;
  readonly reports: ReturnType<typeof openReports>;
  readonly counters: { lists: number; bytes: number; reports: number };
}

export const service: ServiceModule = {
  parameters: {},
  create: (_, context) => {
    const counters = { lists: 0, bytes: 0, reports: 0 };
    const topn = { context, reports: openReports(context.folder), counters };
    let visitors = 0;
    return { counters, serve: (connection) => serveVisitor(connection, topn, (visitors += 1)) };
  },
  turnAway: () => busy('topn.list'),
};

async function serveVisitor(connection: Connection, topn: TopN, visitor: number): Promise<Ending> {
  const { context, reports, counters } = topn;
  /** The list that this client has asked for, the last one only. */
  const own = `list-${context.worker}-${visitor}.tsv`;
  const path = join(context.folder, own);
  let written = false;

  const list = on('topn.list', (call) => {
    const { count } = call.request;
    if (count < 1n || count > BigInt(MAX_COUNT)) {
      return call.fail('bad-argument', `count must be from 1 to ${MAX_COUNT}, not ${count}`);
    }
    const processes = readProcesses().toSorted(byUse).slice(0, Number(count));
    const text = formatProcessList(processes);
    writeFileSync(path, text);
    written = true;
    counters.lists += 1;
    call.reply({ file: own, processes: processes.length, bytes: Buffer.byteLength(text) });
  });

  // A name from the wire is only ever compared: no path is made of it.
  const fetch = on('topn.fetch', (call) => {
    const { file } = call.request;
    if (!/^[\w.-]{1,64}$/.test(file) || file.startsWith('.')) {
      return call.fail(
        'bad-argument',
        'a file is named as the answer to topn.list named it, without any path',
      );
    }
    if (!written || file !== own) return call.fail('not-found', 'this connection has no such list');
    const bytes = readFileSync(path);
    for (let offset = 0; offset < bytes.length; offset += CHUNK_BYTES) {
      const chunk = bytes.subarray(offset, offset + CHUNK_BYTES);
      connection.send(encodeChunk('topn.fetch', call.id, { bytes: chunk }));
    }
    counters.bytes += bytes.length;
    connection.send(encodeEnd('topn.fetch', call.id, { bytes: bytes.length, crc32: crc32(bytes) }));
  });

  const report = on('topn.report', (call) => {
    const { name, pid, userTicks, systemTicks } = call.request;
    if (Buffer.byteLength(name) > MAX_NAME_BYTES || pid === 0 || userTicks < 0n || systemTicks < 0n) {
      return call.fail(
        'bad-argument',
        `not a process: a name takes at most ${MAX_NAME_BYTES} bytes, a pid is above 0, ticks are not negative`,
      );
    }
    reports.add(call.request);
    counters.reports += 1;
    call.reply({});
  });

  const kept = on('topn.reports', (call) => {
    const { latest } = call.request;
    if (latest > MAX_REPORTS) return call.fail('bad-argument', `latest must be at most ${MAX_REPORTS}`);
    call.reply(reports.read(latest));
  });

  try {
    return await answerCalls(connection, [list, fetch, report, kept]);
  } finally {
    if (written) rmSync(path, { force: true });
  }
}

type Report = RequestOf<'topn.report'>;

/** The reports that clients made, of all workers of a server: a file in its folder, a line of JSON each. */
function openReports(folder: string) {
  const file = join(folder, 'reports.jsonl');
  return {
    // Appended in one short write each, so that those of several workers do not mix.
    add: ({ name, pid, userTicks, systemTicks }: Report) =>
      appendFileSync(file, `${JSON.stringify([name, pid, `${userTicks}`, `${systemTicks}`])}\n`),
    /** How many there are, and the latest of them, oldest first. */
    read: (latest: number) => {
      const lines = readFileSync(file, { encoding: 'utf8', flag: 'a+' }).split('\n').slice(0, -1);
      return { total: lines.length, latest: latest === 0 ? [] : lines.slice(-latest).map(reportOf) };
    },
  };
}

function reportOf(line: string): Report {
  const [name, pid, user, system] = JSON.parse(line) as [string, number, string, string];
  return { name, pid, userTicks: BigInt(user), systemTicks: BigInt(system) };
}
