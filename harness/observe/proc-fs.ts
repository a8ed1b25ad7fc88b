/**
 * All access to /proc and /sys goes through this reader; tests root it in a folder of their own. An unreadable file
 * is returned as `Unreadable`, never thrown.
 */
import { closeSync, existsSync, openSync, readdirSync, readlinkSync, readSync, statSync } from 'node:fs';
import { isUnreadable, type Unreadable } from './unreadable.ts';

const REASONS: Readonly<Record<string, Unreadable['unreadable']>> = {
  EACCES: 'denied',
  EPERM: 'denied',
  EMFILE: 'exhausted',
  ENFILE: 'exhausted',
};

function unreadable(path: string, error: unknown): Unreadable {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return { unreadable: REASONS[code] ?? 'absent', what: path };
}

/** A kernel file kept open for repeated reads: about a third of the cost of opening it each time. */
export class ProcHandle implements Disposable {
  #fd: number | undefined;
  readonly #path: string;
  readonly #onClose: () => void;

  constructor(fd: number, path: string, onClose: () => void) {
    this.#fd = fd;
    this.#path = path;
    this.#onClose = onClose;
  }

  /**
   * Reads the file from its start into `buffer` with one read(2): for files of less than a page. A handle below
   * /proc/<pid> stays bound to its process: once that has ended the result is `absent`, even if the pid is reused.
   */
  read(buffer: Buffer): Buffer | Unreadable {
    const length = this.fill(buffer);
    return isUnreadable(length) ? length : buffer.subarray(0, length);
  }

  /** Like `read`, but returns the number of bytes filled and makes no view. */
  fill(buffer: Buffer): number | Unreadable {
    if (this.#fd === undefined) return { unreadable: 'absent', what: this.#path };
    try {
      return readSync(this.#fd, buffer, 0, buffer.length, 0);
    } catch (error) {
      return unreadable(this.#path, error);
    }
  }

  [Symbol.dispose](): void {
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    this.#fd = undefined;
    this.#onClose();
  }
}

/** Reads the files below `root`. A returned buffer is valid until the next `read`. */
export class ProcFs {
  readonly root: string;
  #buffer = Buffer.allocUnsafe(64 * 1024);
  #handlesLeft: number;

  /**
   * @param root `/proc`, `/sys`, or a folder that looks like one
   * @param maxHandles the most files held open at once; beyond it `open` returns undefined
   */
  constructor(root = '/proc', maxHandles = 0) {
    this.root = root;
    this.#handlesLeft = maxHandles;
  }

  /** Reads the file, or its first `limit` bytes. */
  read(path: string, limit = Number.POSITIVE_INFINITY): Buffer | Unreadable {
    const full = `${this.root}/${path}`;
    let fd: number;
    try {
      fd = openSync(full, 'r');
    } catch (error) {
      return unreadable(full, error);
    }
    try {
      let length = 0;
      for (;;) {
        const room = Math.min(this.#buffer.length, limit) - length;
        const got = room === 0 ? 0 : readSync(fd, this.#buffer, length, room, null);
        length += got;
        if (got === 0) return this.#buffer.subarray(0, length);
        if (length === this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer], length * 2);
      }
    } catch (error) {
      return unreadable(full, error);
    } finally {
      closeSync(fd);
    }
  }

  /** The whole file, parsed. */
  parse<T>(path: string, parser: (bytes: Buffer) => T | Unreadable): T | Unreadable {
    const bytes = this.read(path);
    return isUnreadable(bytes) ? bytes : parser(bytes);
  }

  /** The whole file as trimmed text. */
  text(path: string): string | Unreadable {
    const bytes = this.read(path);
    return isUnreadable(bytes) ? bytes : bytes.toString('utf8').trim();
  }

  /** Opens a file for repeated reads; undefined when it cannot be opened or too many are open. */
  open(path: string): ProcHandle | undefined {
    if (this.#handlesLeft <= 0) return undefined;
    const full = `${this.root}/${path}`;
    try {
      const fd = openSync(full, 'r');
      this.#handlesLeft -= 1;
      return new ProcHandle(fd, full, () => {
        this.#handlesLeft += 1;
      });
    } catch {
      return undefined;
    }
  }

  /** Whether the file exists; cheaper than a failed read. */
  exists(path: string): boolean {
    return existsSync(`${this.root}/${path}`);
  }

  /** The names in a folder. */
  list(path: string): readonly string[] | Unreadable {
    return this.#asked(path, (full) => readdirSync(full));
  }

  /** The numeric names in a folder: processes, threads, descriptors. */
  numbers(path: string): readonly number[] | Unreadable {
    const names = this.list(path);
    return isUnreadable(names) ? names : names.filter((name) => /^\d+$/.test(name)).map(Number);
  }

  /** The target of a symbolic link. */
  link(path: string): string | Unreadable {
    return this.#asked(path, (full) => readlinkSync(full));
  }

  /** A folder's size from stat(2): for /proc/<pid>/fd the number of open files since Linux 6.2, 0 before. */
  size(path: string): number | Unreadable {
    return this.#asked(path, (full) => statSync(full).size);
  }

  #asked<T>(path: string, ask: (full: string) => T): T | Unreadable {
    const full = `${this.root}/${path}`;
    try {
      return ask(full);
    } catch (error) {
      return unreadable(full, error);
    }
  }
}
