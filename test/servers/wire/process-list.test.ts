import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../property.ts';
import { parseStat } from '../../../servers/systems/topn/topn-processes.ts';
import { escapeName, formatProcessList, parseProcessList } from '../../../servers/wire/process-list.ts';

const ticks = fc.nat(1_000_000_000);
/** What a process may call itself: any bytes but NUL, here as latin1. */
const name = fc.uint8Array({ min: 1, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const processUse = fc.record(
  {
    pid: fc.integer({ min: 1, max: 4_194_304 }),
    userTicks: ticks,
    systemTicks: ticks,
    name: name.map(escapeName),
  },
  { noNullPrototype: true },
);

test('whatever processes call themselves, their list is read back as it was written', () => {
  fc.assert(
    fc.property(fc.array(processUse), (processes) => {
      assert.deepEqual(parseProcessList(formatProcessList(processes)), processes);
    }),
  );
});

test('text that is no list is refused as a whole; cut between two lines it is a shorter list', () => {
  fc.assert(
    fc.property(fc.array(processUse, { minLength: 1 }), fc.nat(), (processes, position) => {
      const text = formatProcessList(processes);
      const cut = text.slice(0, position % text.length);
      const lines = cut.endsWith('\n') ? cut.split('\n').length - 2 : undefined;
      assert.equal(parseProcessList(cut)?.length, lines);
    }),
  );
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (junk) => {
      assert.equal(parseProcessList(`${junk}${formatProcessList([])}`), undefined);
    }),
  );
});

test('the figures of /proc/<pid>/stat are found behind a name that looks like figures itself', () => {
  fc.assert(
    fc.property(processUse, name, ({ pid, userTicks, systemTicks }, raw) => {
      const before = 'S 1 1 1 0 -1 4194560 100 200 0 0';
      const line = `${pid} (${raw}) ${before} ${userTicks} ${systemTicks} 0 0 20 0 1 0 33 0 0\n`;
      assert.deepEqual(parseStat(line), { pid, userTicks, systemTicks, name: escapeName(raw) });
    }),
  );
  assert.equal(parseStat(''), undefined);
  assert.equal(parseStat('12 (cut off) S 1'), undefined);
});
