import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from '../../property.ts';
import { parseAuxv } from '../../../harness/observe/machine/kernel-units.ts';
import {
  parseCgroupMounts,
  parseCpuStat,
  parseNanoseconds,
  parseOwnCgroup,
} from '../../../harness/observe/parse/cgroup.ts';
import {
  parseNamedCounters,
  parseTimeWait,
  parseCpuInfo,
  parseLoadAverage,
  parseMachineStat,
  parsePressure,
  parseStealTicks,
} from '../../../harness/observe/parse/machine.ts';
import { environHas, cpuNsOf, parseStat } from '../../../harness/observe/parse/process.ts';
import {
  bytesField,
  parseFields,
  parsePss,
  parseSwitches,
  parseLimit,
} from '../../../harness/observe/parse/fields.ts';
import { isUnreadable } from '../../../harness/observe/unreadable.ts';
import { parseListeners } from '../../../harness/observe/parse/net-tcp.ts';

const MOUNT = { version: 2, mountPoint: '/sys/fs/cgroup', root: '/', controllers: [] } as const;

/** Every parser, as something that takes bytes. */
const PARSERS: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
  parseAuxv,
  parseCgroupMounts,
  parseCpuInfo,
  parseCpuStat,
  parseFields,
  parseListeners,
  parseLoadAverage,
  parseMachineStat,
  parseNamedCounters,
  parseNanoseconds,
  parsePressure,
  parsePss,
  parseStat,
  parseStealTicks,
  parseSwitches,
  parseTimeWait,
  parseLimit: (bytes) => parseLimit(bytes, 'Max open files'),
  parseOwnCgroup: (bytes) => parseOwnCgroup(bytes, MOUNT),
  environHas: (bytes) => environHas(bytes, 'A', 'b'),
};

/** Real files, so that damaged ones look like the truth. */
const SAMPLES = [
  'self/stat',
  'self/schedstat',
  'self/status',
  'self/limits',
  'self/auxv',
  'self/mountinfo',
  'self/cgroup',
  'stat',
  'loadavg',
  'net/netstat',
  'net/sockstat',
  'net/tcp',
].flatMap((path) => {
  try {
    return [readFileSync(`/proc/${path}`)];
  } catch {
    return [];
  }
});

const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array));
const damaged = fc
  .tuple(fc.constantFrom(...SAMPLES), fc.nat(), fc.nat(), bytes)
  .map(([file, cut, at, junk]) => {
    const end = cut % (file.length + 1);
    const place = at % (end + 1);
    return Buffer.concat([file.subarray(0, place), junk, file.subarray(place, end)]);
  });

for (const [name, parse] of Object.entries(PARSERS)) {
  test(`${name} never throws and never answers NaN, whatever the bytes`, () => {
    fc.assert(
      fc.property(fc.oneof(bytes, damaged), (input) => {
        assert.doesNotMatch(JSON.stringify(parse(input), replaceNan) ?? '', /NaN/);
      }),
    );
  });
}

function replaceNan(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...value];
  return Number.isNaN(value) ? 'NaN' : value;
}

describe('/proc/<pid>/stat', () => {
  const count = fc.nat(2 ** 31 - 1);
  const fields = fc.record({
    pid: fc.integer({ min: 1, max: 4_194_304 }),
    name: fc.oneof(
      fc.uint8Array({ maxLength: 15 }).map((array) => Buffer.from(array)),
      fc.constantFrom(
        ...['a) R 1 (\n\xff', ')', '', '(', ') ) )', '1 (x) S 1 1'].map((n) => Buffer.from(n, 'latin1')),
      ),
    ),
    state: fc.constantFrom('R', 'S', 'D', 'Z', 'T', 'X'),
    parentPid: count,
    groupId: count,
    userTicks: count,
    systemTicks: count,
    childUserTicks: count,
    childSystemTicks: count,
    childFaults: count,
    threads: count,
    startTicks: count,
    rssPages: count,
  });
  type Fields = typeof fields extends fc.Arbitrary<infer T> ? T : never;

  const printed = (f: Fields): Buffer =>
    Buffer.concat([
      Buffer.from(`${f.pid} (`),
      f.name,
      Buffer.from(
        `) ${f.state} ${f.parentPid} ${f.groupId} 7 34816 -1 4194304 98 ${f.childFaults} 0 0 ${f.userTicks} ${f.systemTicks} ` +
          `${f.childUserTicks} ${f.childSystemTicks} 20 -5 ${f.threads} 0 ${f.startTicks} 69568000 ${f.rssPages} ` +
          '18446744073709551615 94353103429632 0 0 0 0 0 0 17\n',
      ),
    ]);

  test('is read back whatever the process is called', () => {
    fc.assert(
      fc.property(fields, (f) => {
        assert.deepEqual(parseStat(printed(f)), { ...f, name: f.name.toString('utf8') });
      }),
    );
  });

  test('that was cut anywhere is malformed, never a wrong number', () => {
    fc.assert(
      fc.property(fields, fc.nat(), (f, at) => {
        const whole = printed(f);
        const cut = parseStat(whole.subarray(0, at % whole.length));
        // A newline in the name may end the cut; then there are too few fields behind it.
        assert.ok(isUnreadable(cut));
      }),
    );
  });
});

test('schedstat is read back, and what was cut is malformed', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31), fc.maxSafeNat(), fc.nat(), (waitNs, cpuNs, at) => {
      const whole = Buffer.from(`${cpuNs} ${waitNs} 17\n`);
      const cut = at % whole.length;
      // What an earlier, longer line left in the buffer does not count.
      assert.equal(cpuNsOf(Buffer.concat([whole, Buffer.from('99 9\n')]), whole.length), cpuNs);
      assert.ok(Number.isNaN(cpuNsOf(whole, cut)));
    }),
  );
});

describe('/proc/net/tcp', () => {
  const HEAD =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const line = (address: string, port: number, state: string, inode: number): string =>
    `   3: ${address}:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 ${state} ` +
    `00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 00000000e45517d1 100 0 0 10 0\n`;

  test('gives the listeners of both address families', () => {
    const table = parseListeners(
      Buffer.from(HEAD + line('0500007F', 8080, '0A', 1124) + line('00000000', 1, '0A', 5)),
    );
    assert.deepEqual(table, {
      listeners: [
        { port: 8080, inode: 1124 },
        { port: 1, inode: 5 },
      ],
      complete: false,
    });
    const six = parseListeners(Buffer.from(HEAD + line('00000000000000000000000001000000', 443, '0A', 7)));
    assert.deepEqual(isUnreadable(six) ? [] : six.listeners, [{ port: 443, inode: 7 }]);
  });

  test('is complete once a connection follows the listeners', () => {
    const table = parseListeners(
      Buffer.from(HEAD + line('0100007F', 80, '0A', 1) + line('0100007F', 80, '01', 2)),
    );
    assert.ok(!isUnreadable(table) && table.complete);
    assert.deepEqual(
      table.listeners.map(({ inode }) => inode),
      [1],
    );
  });

  test('that was cut inside a line gives the lines before it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(65535), fc.nat(2 ** 31)), { maxLength: 5 }),
        fc.nat(),
        (sockets, at) => {
          const lines = sockets.map(([port, inode]) => line('0100007F', port, '0A', inode));
          const whole = HEAD + lines.join('');
          const cut = whole.slice(0, HEAD.length + (at % (whole.length - HEAD.length + 1)));
          const complete = cut.split('\n').length - 2;
          const table = parseListeners(Buffer.from(cut));
          assert.ok(!isUnreadable(table));
          assert.deepEqual(
            table.listeners.map(({ port, inode }) => [port, inode]),
            sockets.slice(0, complete),
          );
        },
      ),
    );
  });
});

test('TCP counters are found by name, whatever else the kernel counts', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.stringMatching(/^[A-Z][A-Za-z]{1,12}$/)),
      fc.nat(),
      fc.nat(2 ** 31),
      (names, at, value) => {
        const others = names.filter((name) => name !== 'ListenDrops');
        const place = at % (others.length + 1);
        const columns = others.toSpliced(place, 0, 'ListenDrops');
        const figures = columns.map((name) => (name === 'ListenDrops' ? value : -1));
        const counters = parseNamedCounters(
          Buffer.from(`TcpExt: ${columns.join(' ')}\nTcpExt: ${figures.join(' ')}\n`),
        );
        assert.deepEqual(isUnreadable(counters) ? null : [...counters], [['TcpExt.ListenDrops', value]]);
      },
    ),
  );
});

test('counters whose names and figures differ in number are malformed', () => {
  assert.ok(isUnreadable(parseNamedCounters(Buffer.from('TcpExt: A B\nTcpExt: 1\n'))));
  assert.ok(isUnreadable(parseNamedCounters(Buffer.from('TcpExt: A\nIpExt: 1\n'))));
});

test('the machine counts busy time without idle, waiting for disk, steal and guests', () => {
  const stat = parseMachineStat(
    Buffer.from(
      'cpu  1 2 4 1000 2000 8 16 32 64 128\ncpu1 1 0 0 9 9 0 0 5 0 0\nintr 5 0\nctxt 744638\nbtime 1\n',
    ),
  );
  assert.ok(!isUnreadable(stat));
  assert.deepEqual(stat.total, { busy: 31, steal: 32 });
  assert.deepEqual([...stat.cpus], [[1, { busy: 1, steal: 5 }]]);
  assert.equal(stat.contextSwitches, 744_638);
  assert.equal(parseStealTicks(Buffer.from('cpu  1 2 4 1000 2000 8 16 32 64 128\ncpu1 1')), 32);
});

test('load, pressure, TIME_WAIT, memory, limits and units are read from their lines', () => {
  assert.deepEqual(parseLoadAverage(Buffer.from('0.63 1.38 0.15 2/190 18331\n')), {
    load: [0.63, 1.38, 0.15],
    lastPid: 18331,
  });
  assert.deepEqual(
    parsePressure(Buffer.from('some avg10=0.12 avg60=0.23 avg300=0.54 total=7773020\nfull avg10=0\n')),
    {
      someAvg10: 0.12,
      someTotalUs: 7_773_020,
    },
  );
  assert.equal(
    parseTimeWait(
      Buffer.from('sockets: used 13\nTCP: inuse 1 orphan 0 tw 692 alloc 1 mem 0\nUDP: inuse 0\n'),
    ),
    692,
  );
  assert.equal(bytesField(parseFields(Buffer.from('MemTotal:  3 kB\nMemFree: 1 kB\n')), 'MemTotal'), 3072);
  assert.equal(
    parsePss(Buffer.from('55-7f ---p 00 00:00 0  [rollup]\nRss: 9 kB\nPss: 5 kB\nPss_Dirty: 1 kB\n')),
    5120,
  );
  const limits = Buffer.from(
    'Limit  Soft Limit  Hard Limit  Units\nMax open files            1024       unlimited   files\n',
  );
  assert.deepEqual(parseLimit(limits, 'Max open files'), { soft: 1024, hard: null });
  assert.ok(isUnreadable(parseLimit(limits, 'Max processes')));
  assert.equal(parseNanoseconds(Buffer.from('123456789\n')), 123_456_789);
  assert.deepEqual(parseCpuStat(Buffer.from('usage_usec 30\nuser_usec 20\nsystem_usec 10\nnice_usec 0\n')), {
    cpuNs: 30_000,
    userNs: 20_000,
    systemNs: 10_000,
  });
});

test('the auxiliary vector tells page size and tick', () => {
  const vector = new BigUint64Array([6n, 65536n, 17n, 100n, 0n, 0n]);
  assert.deepEqual(parseAuxv(Buffer.from(vector.buffer)), { tickNs: 1e7, pageBytes: 65536 });
});

test('a mark in the environment counts only as a whole entry', () => {
  const has = (text: string): boolean => environHas(Buffer.from(text), 'MARK', 'abc');
  assert.ok(has('MARK=abc\0'));
  assert.ok(has('A=1\0MARK=abc\0B=2\0'));
  assert.ok(has('A=MARK=abc\0MARK=abc\0'));
  assert.ok(!has('A=MARK=abc\0'));
  assert.ok(!has('XMARK=abc\0'));
  assert.ok(!has('MARK=abcd\0'));
  assert.ok(!has('MARK=abc'));
});

test('mounted cgroups are found with their controllers, also where the path has blanks', () => {
  const mounts = parseCgroupMounts(
    Buffer.from(
      '30 25 0:26 / /sys/fs/cgroup/unified rw,relatime shared:9 - cgroup2 cgroup2 rw\n' +
        '31 25 0:27 /a /mnt/my\\040group rw - cgroup cgroup rw,cpu,cpuacct\n' +
        '32 25 0:28 / /proc rw - proc proc rw\n',
    ),
  );
  assert.deepEqual(mounts, [
    { version: 2, mountPoint: '/sys/fs/cgroup/unified', root: '/', controllers: [] },
    { version: 1, mountPoint: '/mnt/my group', root: '/a', controllers: ['cpu', 'cpuacct'] },
  ]);
  const own = Buffer.from('4:cpu,cpuacct:/a/b\n0::/user.slice\n');
  assert.equal(parseOwnCgroup(own, MOUNT), '/user.slice');
  assert.equal(parseOwnCgroup(own, { ...MOUNT, version: 1, controllers: ['cpuacct'] }), '/a/b');
  assert.equal(parseOwnCgroup(own, { ...MOUNT, version: 1, controllers: ['memory'] }), undefined);
});
