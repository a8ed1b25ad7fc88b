/**
 * The counts of workers that accept for themselves, a row each; they outlive a worker that is killed. (Apache httpd
 * has such a scoreboard too.)
 */
import { closeSync, existsSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIGURES, tallyOf } from './tally.ts';
import type { Tally } from './tally.ts';
import type { RowPlace } from '../worker/protocol.ts';

export interface Scoreboard {
  row(place: number): RowPlace;
  /** Reads a row and sets it to zero. */
  take(place: number): Tally;
  close(): void;
}

const ROW_BYTES = FIGURES.length * Uint32Array.BYTES_PER_ELEMENT;

/** For threads: shared memory. */
export function memoryScoreboard(size: number): Scoreboard {
  const shared = new SharedArrayBuffer(size * ROW_BYTES);
  const counts = (place: number): Uint32Array => new Uint32Array(shared, place * ROW_BYTES, FIGURES.length);
  return {
    row: (place) => ({ in: 'memory', counts: counts(place) }),
    take: (place) => {
      const tally = tallyOf(counts(place));
      counts(place).fill(0);
      return tally;
    },
    close: () => undefined,
  };
}

/**
 * For processes, which cannot share memory in Node: an unlinked file in memory. The kernel holds each written row, so
 * it survives the process.
 */
export function fileScoreboard(
  size: number,
  descriptorInWorker: number,
): Scoreboard & { readonly fd: number } {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'holdfast-'));
  const fd = openSync(join(folder, 'scoreboard'), 'wx+');
  rmSync(folder, { recursive: true });
  writeSync(fd, new Uint8Array(size * ROW_BYTES), 0, size * ROW_BYTES, 0);
  const counts = new Uint32Array(FIGURES.length);
  return {
    fd,
    row: (place) => ({ in: 'file', fd: descriptorInWorker, offset: place * ROW_BYTES }),
    take: (place) => {
      readSync(fd, counts, 0, ROW_BYTES, place * ROW_BYTES);
      writeSync(fd, new Uint8Array(ROW_BYTES), 0, ROW_BYTES, place * ROW_BYTES);
      return tallyOf(counts);
    },
    close: () => closeSync(fd),
  };
}
