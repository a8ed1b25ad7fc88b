/**
 * What a process under test writes to stdout or stderr: a file of which, once it has grown long, only the first and the last
 * part are kept.
 *
 * While the process runs it appends, and may do so at any moment. Nothing that it wrote may be moved then, but the disk
 * space of the middle can be given back (a hole, see fallocate(1)). After its end the file is written anew.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { execa } from 'execa';
import { writeError } from '../results/files.ts';

/** A log that takes more disk space than this is cut. */
const HIGHEST_BYTES = 4 << 20;

/** So much of its beginning, and of its end, is kept then; a multiple of the block size. */
const PART_BYTES = 64 << 10;

/** The unit of `stat.blocks`, in bytes. */
const BLOCK_BYTES = 512;

export class LogFile {
  readonly path: string;
  #cutting = false;

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
   * Gives back the disk space of the middle where the file has grown too long. Where the system has no fallocate, or the
   * file system no holes, the file grows until the process ends.
   */
  cut(): void {
    const stat = statSync(this.path, { throwIfNoEntry: false });
    if (stat === undefined || this.#cutting || stat.blocks * BLOCK_BYTES <= HIGHEST_BYTES) return;
    const length = Math.floor(stat.size / PART_BYTES - 2) * PART_BYTES;
    this.#cutting = true;
    const args = ['--punch-hole', '--offset', String(PART_BYTES), '--length', String(length), this.path];
    void execa('fallocate', args, { reject: false, stdio: 'ignore' }).then(() => (this.#cutting = false));
  }

  /** Nobody writes any more: leaves the first and the last part where the file has grown too long. */
  finish(): void {
    const stat = statSync(this.path, { throwIfNoEntry: false });
    if (stat !== undefined && stat.size > HIGHEST_BYTES) writeFileSync(this.path, this.text());
  }

  /** All of it where it is short, otherwise its first and its last part; '' where there is none. */
  text(): string {
    return this.#read((fd, size) => {
      if (size <= 2 * PART_BYTES) return part(fd, 0, size);
      const leftOut = (size - 2 * PART_BYTES).toLocaleString('en');
      const note = `\n… ${leftOut} bytes are left out here …\n`;
      return part(fd, 0, PART_BYTES) + note + part(fd, size - PART_BYTES, PART_BYTES);
    });
  }

  /** The last so many bytes, at most {@link PART_BYTES}. */
  tail(bytes: number): string {
    return this.#read((fd, size) => part(fd, Math.max(0, size - bytes), bytes));
  }

  #read(take: (fd: number, size: number) => string): string {
    let fd: number;
    try {
      fd = openSync(this.path, 'r');
    } catch {
      return '';
    }
    try {
      return take(fd, fstatSync(fd).size);
    } finally {
      closeSync(fd);
    }
  }
}

function part(fd: number, from: number, bytes: number): string {
  const buffer = Buffer.allocUnsafe(bytes);
  return buffer.subarray(0, readSync(fd, buffer, 0, bytes, from)).toString();
}
