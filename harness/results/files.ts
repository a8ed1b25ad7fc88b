/**
 * Crash-safe writing of whole files: temporary file, fsync, rename, so that a reader never sees half a file. `write`
 * may be short without an error when a disk is full, so writes loop until all is written.
 */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { UnfitError, messageOf } from '../errors.ts';

/** SHA-256 of a text, in hexadecimal. */
export function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Writes a whole file atomically and durably. @throws UnfitError that names the path */
export function writeFileDurably(path: string, content: string): void {
  const temporary = `${path}.part`;
  try {
    const fd = openSync(temporary, 'w', 0o644);
    try {
      writeAll(fd, Buffer.from(content, 'utf8'));
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw writeError(path, error);
  }
}

/** JSON as written to disk: the plan's hash is taken over exactly this text. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

/** Writes all of it: the kernel may take less than it was given. @throws what `write` throws */
export function writeAll(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written);
}

function syncFolder(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'permission denied',
  ENOENT: 'its folder does not exist and cannot be created',
  ENOTDIR: 'a file is in the way',
  EEXIST: 'a file is in the way',
};

/** An error for the user from a failed write, with the remedy. */
export function writeError(path: string, error: unknown): UnfitError {
  const { code = '' } = error as NodeJS.ErrnoException;
  const message = ['ENOSPC', 'EDQUOT'].includes(code)
    ? `The disk is full: cannot write ${path}. Free some space, then continue with --resume.`
    : `Cannot write ${path}: ${WHY[code] ?? messageOf(error)}. Choose another folder with --out.`;
  return new UnfitError(message, { cause: error });
}
