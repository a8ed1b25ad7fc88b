/**
 * Append-only files of JSON lines, such as trials.jsonl. Each line is on disk before the next thing is measured, and
 * carries a checksum of itself.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { ZodType, output } from 'zod';
import { damaged, parseDocument, readText, type Complain } from './document.ts';
import { writeAll, writeError } from './files.ts';
import type { Immutable } from './schema/leaves.ts';

export class Journal implements Disposable {
  readonly path: string;
  readonly #fd: number;

  /**
   * Opens or creates the file. A last line torn when its writer was killed, or when the disk was full, is cut off, so
   * that the next line does not join it.
   *
   * @throws UnfitError that names the path
   */
  constructor(path: string) {
    this.path = path;
    try {
      this.#fd = openSync(path, 'a+', 0o644);
      cutTornLine(this.#fd);
    } catch (error) {
      throw writeError(path, error);
    }
  }

  /** @throws UnfitError that names the path; lines appended before stay readable */
  append(value: object): void {
    try {
      writeAll(this.#fd, Buffer.from(`${sealed(JSON.stringify(value))}\n`, 'utf8'));
      fsyncSync(this.#fd);
    } catch (error) {
      throw writeError(this.path, error);
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}

/**
 * The lines of a journal, in order; none if it does not exist. Text after the last line end is left out: its writer
 * was killed.
 *
 * @throws what `complain` makes of the first fault; UnfitError where the file cannot be read
 */
export function readJournal<S extends ZodType>(
  path: string,
  schema: S,
  complain: Complain = damaged,
): Immutable<output<S>>[] {
  return readText(path, '')
    .split('\n')
    .slice(0, -1)
    .map((line, i) => {
      const place = `${path}, line ${i + 1}`;
      if (!isIntact(line)) throw complain(`${place} does not agree with its checksum`);
      return parseDocument(line, schema, place, complain);
    });
}

/** The seal of a line: the last member of its object, the CRC-32 of the object's text without that member. */
const SEAL = /,"crc32":"([0-9a-f]{8})"\}$/;

function sealed(text: string): string {
  return `${text.slice(0, -1)},"crc32":"${checksum(text)}"}`;
}

/** A line without a seal was written by an older version; its schema is the only check. */
function isIntact(line: string): boolean {
  const seal = SEAL.exec(line);
  return seal === null || checksum(`${line.slice(0, seal.index)}}`) === seal[1];
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

function cutTornLine(fd: number): void {
  if (fstatSync(fd).isFile()) ftruncateSync(fd, readFileSync(fd).lastIndexOf('\n') + 1);
}
