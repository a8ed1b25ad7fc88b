/**
 * What a process under test writes to stdout or stderr: a file of bounded size, of which the first and the last part are
 * kept.
 *
 * While the process runs it appends, and may do so at any moment: so the file is only ever emptied, and what is kept of it
 * is in memory until the process has ended.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { writeError } from '../results/files.ts';

/** A log that has grown beyond this is emptied. */
const HIGHEST_BYTES = 4 << 20;

/** So much of its beginning, and of its end, is kept then. */
const PART_BYTES = 64 << 10;

/** The end is read again where more was appended meanwhile, at most so often. */
const MOST_READINGS = 100;

export class LogFile {
  readonly path: string;
  /** What was taken out of the file when it was emptied; undefined while it never was. */
  #taken: { readonly head: Buffer; readonly tail: Buffer; readonly bytes: number } | undefined;

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

  /** Empties a file that has grown too long. The process that writes goes on. */
  cut(): void {
    if ((statSync(this.path, { throwIfNoEntry: false })?.size ?? 0) <= HIGHEST_BYTES) return;
    const fd = openSync(this.path, 'r+');
    try {
      const head = this.#taken?.head ?? part(fd, 0, PART_BYTES);
      let { size } = fstatSync(fd);
      let tail = lastOf(fd, size);
      for (let again = 0; again < MOST_READINGS && fstatSync(fd).size !== size; again++) {
        ({ size } = fstatSync(fd));
        tail = lastOf(fd, size);
      }
      ftruncateSync(fd);
      this.#taken = { head, tail, bytes: (this.#taken?.bytes ?? 0) + size };
    } finally {
      closeSync(fd);
    }
  }

  /** Nobody writes any more: leaves the first and the last part in the file, if it was ever emptied. */
  finish(): void {
    if (this.#taken !== undefined) writeFileSync(this.path, this.text());
    this.#taken = undefined;
  }

  /** All of it where it is short, otherwise its first and its last part; '' where there is none. */
  text(): string {
    const { size, last } = this.#end();
    if (this.#taken === undefined && size <= 2 * PART_BYTES)
      return this.#read((fd) => part(fd, 0, size)).toString();
    const head = this.#taken?.head ?? this.#read((fd) => part(fd, 0, PART_BYTES));
    const leftOut = (this.#taken?.bytes ?? 0) + size - head.length - last.length;
    return `${head.toString()}\n… ${leftOut.toLocaleString('en')} bytes are left out here …\n${last.toString()}`;
  }

  /** The last so many bytes, at most as many as are kept. */
  tail(bytes: number): string {
    return this.#end().last.subarray(-bytes).toString();
  }

  /** Bytes in the file, and the last part of all that was written. */
  #end(): { readonly size: number; readonly last: Buffer } {
    let size = 0;
    const inFile = this.#read((fd) => lastOf(fd, (size = fstatSync(fd).size)));
    return {
      size,
      last: Buffer.concat([this.#taken?.tail ?? Buffer.alloc(0), inFile]).subarray(-PART_BYTES),
    };
  }

  #read(take: (fd: number) => Buffer): Buffer {
    let fd: number;
    try {
      fd = openSync(this.path, 'r');
    } catch {
      return Buffer.alloc(0);
    }
    try {
      return take(fd);
    } finally {
      closeSync(fd);
    }
  }
}

function lastOf(fd: number, size: number): Buffer {
  return part(fd, Math.max(0, size - PART_BYTES), PART_BYTES);
}

function part(fd: number, from: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  return buffer.subarray(0, readSync(fd, buffer, 0, bytes, from));
}
