import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileScoreboard, memoryScoreboard } from '../../../servers/models/pool/scoreboard.ts';
import { addTally, countEnd, openConnections, tallyRow } from '../../../servers/models/pool/tally.ts';
import { writeSync } from 'node:fs';

test('a connection that waited counts as waited only when it was served', () => {
  const row = tallyRow();
  row.add('accepted', 3);
  countEnd(row, 'served', true);
  countEnd(row, 'reset', true);
  const tally = row.read();
  assert.deepEqual([tally.served, tally.reset, tally.waited], [1, 1, 1]);
  assert.equal(openConnections(tally), 1);
});

test('what a worker wrote into the scoreboard is there for whoever reads it, in its row only', () => {
  const inMemory = memoryScoreboard(3);
  const place = inMemory.row(1);
  assert.ok(place.in === 'memory');
  tallyRow(place.counts).add('accepted', 5);
  const inFile = fileScoreboard(3, 9);
  const page = inFile.row(1);
  assert.ok(page.in === 'file' && page.fd === 9);
  const counts = new Uint32Array(8);
  const row = tallyRow(counts, () => void writeSync(inFile.fd, counts, 0, counts.byteLength, page.offset));
  row.add('accepted', 5);
  for (const board of [inMemory, inFile]) {
    const sum = tallyRow();
    const taken = [0, 1, 2].map((place) => board.take(place));
    for (const tally of [...taken, ...taken]) addTally(sum, tally);
    assert.deepEqual(
      taken.map(({ accepted }) => accepted),
      [0, 5, 0],
    );
    assert.equal(sum.read().accepted, 10);
    assert.equal(board.take(1).accepted, 0);
    board.close();
  }
});
