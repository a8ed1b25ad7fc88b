/** What a process under test writes to stdout or stderr: a file of bounded size that keeps its first and last part. */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { writeError } from '../results/files.ts';

/** A log that has grown beyond this is cut. */
const HIGHEST_BYTES = 4 << 20;

/** So much of its beginning, and of its end, is kept then. */
const PART_BYTES = 64 << 10;

/** A process that never stops writing may lose what it wrote while its log was cut. */
const MOST_READINGS = 100;

export class LogFile {
  readonly path: string;
  #leftOutBytes = 0;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Empties the file and opens it for a process to append to; the caller closes the descriptor.
   *
   * @throws UnfitError that names the path
   */
  open(): number {
    try {
      const fd = openSync(this.path, 'a', 0o644);
      ftruncateSync(fd);
      return fd;
    } catch (error) {
      throw writeError(this.path, error);
    }
  }

  /**
   * Leaves out the middle where the file has grown too long. The process that writes goes on: what it appends comes
   * after what is kept.
   */
  cut(): void {
    if ((statSync(this.path, { throwIfNoEntry: false })?.size ?? 0) <= HIGHEST_BYTES) return;
    const fd = openSync(this.path, 'a+');
    try {
      const head = part(fd, 0);
      let { size } = fstatSync(fd);
      let tail = part(fd, size - PART_BYTES);
      // What is appended while the end is read would be lost with the middle: it is read again until it stands still.
      for (let again = 0; again < MOST_READINGS && fstatSync(fd).size !== size; again++) {
        ({ size } = fstatSync(fd));
        tail = part(fd, size - PART_BYTES);
      }
      this.#leftOutBytes += size - 2 * PART_BYTES;
      const note = `\n… at least ${this.#leftOutBytes.toLocaleString('en')} bytes are left out here …\n`;
      const kept = Buffer.concat([head, Buffer.from(note), tail]);
      ftruncateSync(fd);
      // Appended, as all that is written to it: at the beginning it would cover what came since.
      writeSync(fd, kept);
    } finally {
      closeSync(fd);
    }
  }

  /** Its first and last part; all of it where it is short, '' where there is none. */
  text(): string {
    return this.#read((fd, size) =>
      size <= 2 * PART_BYTES
        ? part(fd, 0, size)
        : Buffer.concat([part(fd, 0), Buffer.from('\n'), part(fd, size - PART_BYTES)]),
    );
  }

  /** The last so many bytes. */
  tail(bytes: number): string {
    return this.#read((fd, size) => part(fd, Math.max(0, size - bytes), bytes));
  }

  #read(take: (fd: number, size: number) => Buffer): string {
    let fd: number;
    try {
      fd = openSync(this.path, 'r');
    } catch {
      return '';
    }
    try {
      return take(fd, fstatSync(fd).size).toString('utf8');
    } finally {
      closeSync(fd);
    }
  }
}

function part(fd: number, from: number, bytes = PART_BYTES): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  return buffer.subarray(0, readSync(fd, buffer, 0, bytes, from));
}
